import { randomUUID } from "node:crypto";
import { isObject } from "#domain/json.ts";
import { type Exchange, exchange } from "../doctor/exchange.ts";
import { INITIALIZE, mcpRequest, mcpResult } from "../doctor/mcp-request.ts";
import type { Redactor } from "../doctor/redactor.ts";
import { answerFinding } from "./answer-finding.ts";
import { readToken, tokenRequest } from "./ask-token.ts";
import type { Candidate } from "./candidate.ts";
import { type Finding, OK, type Step } from "./step.ts";
import { sayHome, sayRun, sayTools, toolFinding } from "./tool-finding.ts";

// Whatever a run takes, its call is answered within 45 s and what is read around them; the MCP SDK's own patience.
const RUN_MS = 60_000;
const ANSWER_MS = 30_000;

/**
 * Takes the steps of a machine that calls the gateway, each as soon as the one before it went well; `onStep` hears of
 * each as it ends. Without a scene nothing is changed.
 */
export const walk = async (
  candidate: Candidate,
  redactor: Redactor,
  onStep: (step: Step) => void,
): Promise<readonly Step[]> => {
  redactor.hide(candidate.clientSecret);
  const steps: Step[] = [];
  const took = (step: Step["step"], { tookMs }: Exchange, finding: Finding): boolean => {
    const ok = finding.code === OK;
    const done = { step, ok, tookMs: Math.round(tookMs), ...finding };
    steps.push(done);
    onStep(done);
    return ok;
  };

  const asked = await exchange(tokenRequest(candidate));
  const { token, finding } = readToken(asked);
  redactor.hide(token ?? "");
  if (!took("token", asked, finding) || token === undefined) return steps;

  const hello = await exchange(mcpRequest(candidate.url, INITIALIZE, { token }), ANSWER_MS);
  const agreed = mcpResult(hello);
  if (!took("initialize", hello, agreed === undefined ? answerFinding(hello) : sayServer(agreed))) {
    return steps;
  }
  const session = hello.response?.headers["mcp-session-id"];
  const more = {
    token,
    ...(session === undefined ? {} : { session }),
    version: String(agreed?.protocolVersion),
  };
  const call = (
    message: { readonly method: string; readonly params?: unknown; readonly id?: number },
    timeoutMs: number = ANSWER_MS,
  ): Promise<Exchange> => exchange(mcpRequest(candidate.url, message, more), timeoutMs);
  await call({ method: "notifications/initialized" });

  const listed = await call({ id: 2, method: "tools/list" });
  const tools = mcpResult(listed);
  if (!took("tools/list", listed, tools === undefined ? answerFinding(listed) : sayTools(tools))) {
    return steps;
  }

  const { home, scene } = candidate;
  const inHome = home === undefined ? {} : { home };
  const looked = await call(toolCall(3, "home___get_home", inHome));
  if (!took("get_home", looked, toolFinding(looked, sayHome)) || scene === undefined) return steps;

  const run = toolCall(4, "home___run_scene", {
    ...inHome,
    scene,
    request_id: randomUUID(),
    reason: "npm run test-gateway",
  });
  const ran = await call(run, RUN_MS);
  took("run_scene", ran, toolFinding(ran, sayRun));
  return steps;
};

const toolCall = (id: number, name: string, args: Readonly<Record<string, unknown>>) => ({
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

const sayServer = ({
  serverInfo,
  protocolVersion,
}: Readonly<Record<string, unknown>>): Finding => ({
  code: OK,
  summary: `${isObject(serverInfo) ? String(serverInfo.name) : "The server"} speaks MCP ${String(protocolVersion)}.`,
});
