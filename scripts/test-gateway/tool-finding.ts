import { counted } from "#domain/counted.ts";
import { isObject } from "#domain/json.ts";
import type { Exchange } from "../doctor/exchange.ts";
import { mcpResult } from "../doctor/mcp-request.ts";
import { answerFinding } from "./answer-finding.ts";
import { type Finding, OK } from "./step.ts";

type Answer = Readonly<Record<string, unknown>>;

/** What a tool answered, or what is wrong with it. */
export const toolFinding = (exchange: Exchange, say: (answer: Answer) => Finding): Finding => {
  const result = mcpResult(exchange);
  if (result === undefined) return answerFinding(exchange);
  const { structuredContent: answer } = result;
  if (!isObject(answer)) {
    return {
      code: "ToolFailed",
      summary: `The tool's function failed: ${textOf(result)}`,
      fix: "Look at the log of the function home; on this machine it is in DIR/logs.",
    };
  }
  if (!isObject(answer.error)) return say(answer);
  const code = String(answer.error.code);
  return {
    code,
    summary: String(answer.error.message),
    fix: FIXES.get(code) ?? "Do what the refusal says.",
  };
};

const FIXES: ReadonlyMap<string, string> = new Map([
  [
    "NoHome",
    "Let the machine client into a home: npm run add-user -- --machine --role resident --home HOME --aws.",
  ],
  ["HomeAmbiguous", "Name one of them: --home HOME."],
  [
    "NotAllowed",
    "Give the machine client a role that may do it: npm run add-user -- --machine --role resident.",
  ],
]);

const textOf = ({ content }: Answer): string => {
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isObject(first) && typeof first.text === "string" ? first.text.slice(0, 200) : "no words.";
};

const NEEDED = ["home___get_home", "home___run_scene"];

/** Which tools there are. */
export const sayTools = ({ tools }: Answer): Finding => {
  const names = Array.isArray(tools)
    ? tools.flatMap((tool: unknown) => (isObject(tool) ? [String(tool.name)] : []))
    : [];
  const missing = NEEDED.filter((name) => !names.includes(name));
  return missing.length === 0
    ? { code: OK, summary: `${counted(names.length, "tool")}: ${names.join(", ")}.` }
    : {
        code: "ToolsMissing",
        summary: `The client is not shown ${missing.join(" and ")}; it is shown ${names.length === 0 ? "nothing" : names.join(", ")}.`,
        fix: "Allow the client both scopes, read and write; a tool without its scope is not listed.",
      };
};

/** What the home is, in its own words. */
export const sayHome = ({ say }: Answer): Finding => ({ code: OK, summary: String(say) });

/** How the run ended. It is well when every device is as asked. */
export const sayRun = ({ result, say, run_id: run }: Answer): Finding => {
  const summary = `${String(say)} (${String(run)})`;
  if (result === "done") return { code: OK, summary };
  return {
    code: result === "running" ? "RunGoesOn" : "RunNotDone",
    summary,
    fix: `The way to the devices works; look at the run: npm run audit -- ${String(run)}.`,
  };
};
