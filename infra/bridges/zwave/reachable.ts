import type { FailureReason } from "#bridges/core/bridge.ts";
import type { ZwaveNode } from "./server/node.ts";
import type { CommandOutcome } from "./server/server-messages.ts";
import { AWAY, LOST, type ZwaveServer } from "./server/zwave-server.ts";

// https://zwave-js.github.io/zwave-js/#/api/errors?id=list-of-errors: what the radio, the stick or the way there did.
const NOT_REACHED = [
  AWAY,
  LOST,
  "node_not_found",
  "Controller_CallbackNOK",
  "Controller_NodeTimeout",
  "Controller_NodeRemoved",
  "Controller_MessageDropped",
  "Controller_MessageExpired",
  "Controller_Timeout",
  "Controller_ResponseNOK",
  "Controller_Jammed",
  "Driver_NotReady",
];

/** Why nothing is sent to this node now; undefined where it may listen. */
export const whyNot = async (node: ZwaveNode, server: ZwaveServer): Promise<string | undefined> => {
  if (node.canSleep && node.status !== "awake") return "it sleeps, and nothing waits for it";
  if (node.status !== "dead") return undefined;
  // One frame in place of three: whether it has come back is found out before it is told anything.
  const ping = await server.command("node.ping", { nodeId: node.id });
  return ping.ok && ping.result.responded === true ? undefined : "it is dead to the network";
};

/** What an outcome that is none says: the way to the device is broken, or `otherwise`. */
export const failureOf = (
  { code, text }: Extract<CommandOutcome, { ok: false }>,
  otherwise: FailureReason,
): { readonly said: "failed"; readonly reason: FailureReason; readonly detail: string } => ({
  said: "failed",
  reason: NOT_REACHED.includes(code) ? "UNREACHABLE" : otherwise,
  detail: text,
});
