import { randomUUID } from "node:crypto";
import { isObject } from "#domain/json.ts";
import { SCENE } from "./check-home.ts";
import { Fault } from "./finding.ts";
import type { ToolReply } from "./mcp-session.ts";
import { type LampRun, made, type Visit } from "./visit.ts";

const LONGEST_WAIT_MS = 120_000;

/** Runs the scene through the gateway, and follows a run that goes on. @throws Fault for a refusal */
export const runLampScene = async (
  visit: Visit,
  waiting: { readonly wait_s?: number } = {},
): Promise<LampRun> => {
  const session = made(visit.session, "MCP session");
  const asked = {
    home: visit.home,
    scene: SCENE,
    request_id: randomUUID(),
    reason: "npm run verify-deployment",
    ...waiting,
  };
  let reply = await session.call("home___run_scene", asked);
  const wasLeft = reply.answer.result === "running";
  const endsAt = performance.now() + LONGEST_WAIT_MS;
  while (reply.answer.result === "running" && performance.now() < endsAt) {
    reply = await session.call("home___get_run", {
      home: visit.home,
      run_id: String(reply.answer.run_id),
      wait_s: 30,
    });
  }
  return lampRunOf(reply, wasLeft);
};

const lampRunOf = ({ answer }: ToolReply, wasLeft: boolean): LampRun => {
  // What the RESPONSE interceptor makes of a gateway's word that the function failed, or could not be invoked.
  if (isObject(answer.error) && answer.error.code === "NoAnswer") {
    throw new Fault(
      "ToolFailed",
      "The function behind home___run_scene failed, or the gateway could not invoke it.",
      "The function home's log says more; is there nothing, the gateway's role may not invoke it.",
    );
  }
  if (isObject(answer.error)) {
    throw new Fault(
      String(answer.error.code),
      `run_scene was refused: ${String(answer.error.message)}`,
      "The function home's log says more; so does the workflow's, if the run began.",
    );
  }
  const problems: readonly unknown[] = Array.isArray(answer.devices_not_confirmed)
    ? answer.devices_not_confirmed
    : [];
  const [problem] = problems;
  return {
    run: String(answer.run_id),
    result: String(answer.result),
    say: String(answer.say),
    wasLeft,
    outcome: isObject(problem) ? String(problem.outcome) : "",
    reason: isObject(problem) && problem.reason !== undefined ? String(problem.reason) : "",
  };
};
