import { counted } from "#domain/counted.ts";
import type { Check } from "./check.ts";
import { Fault, fault, well } from "./finding.ts";
import { openMcpSession } from "./mcp-session.ts";
import { made } from "./visit.ts";

const NEEDED = ["home___get_home", "home___plan_scene", "home___run_scene", "home___get_run"];

/** initialize and tools/list through the official client, with the headers that it needs. */
export const checkMcpSession: Check = {
  name: "mcp session",
  needs: ["token"],
  look: async (visit) => {
    const { url } = visit.signIn.gateway;
    const session = await openMcpSession(url, made(visit.token, "token")).catch(
      (cause: unknown) => {
        throw sessionFault(url, cause);
      },
    );
    visit.session = session;
    const other = session.seen.find(
      ({ status, contentType }) =>
        status === 200 && !/^(?:application\/json|text\/event-stream)\b/.test(contentType),
    );
    if (other !== undefined) {
      return fault(
        "ContentTypeLost",
        `An answer of the gateway has the Content-Type "${other.contentType}", which clients refuse: the RESPONSE interceptor lost it.`,
        "intercept-tool-call must return every header that it was given.",
      );
    }
    const missing = NEEDED.filter((tool) => !session.tools.includes(tool));
    if (missing.length > 0) {
      return fault(
        "ToolsMissing",
        `The client is not shown ${missing.join(" and ")}; it is shown ${session.tools.join(", ") || "nothing"}.`,
        "Allow the machine client both scopes, read and write; look at intercept-tool-call, which leaves out what a token may not use.",
      );
    }
    return well(
      `${session.server} speaks MCP ${session.protocolVersion} and shows ${counted(session.tools.length, "tool")}; each answer says its Content-Type.`,
    );
  },
};

const sessionFault = (url: string, cause: unknown): Fault => {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, "");
  return /content type/i.test(why)
    ? new Fault(
        "ContentTypeLost",
        `The official MCP client takes no answer of the gateway (${why}): the RESPONSE interceptor lost its headers.`,
        "intercept-tool-call must return every header that it was given; what it leaves out is lost.",
        { cause },
      )
    : new Fault(
        "SessionRefused",
        `The official MCP client could not open a session at ${url}: ${why}.`,
        "An interceptor that fails is an error of the gateway's: look at the log of intercept-tool-call, and whether the gateway's role may invoke it.",
        { cause },
      );
};
