import type { ReadAnswer } from "#bridges/core/bridge.ts";
import { isObject } from "#domain/json.ts";
import type { Way } from "./kinds/way.ts";
import type { PlacedDevice } from "./network.ts";
import { failureOf, whyNot } from "./reachable.ts";
import type { Members } from "./server/server-messages.ts";
import type { ZwaveServer } from "./server/zwave-server.ts";

/**
 * Asks the device itself, with the Get of each command class that is concerned: its Report comes from the device, where
 * a value that the driver holds may be one that it only hopes for.
 */
export const askDevice = async (
  { node, device: { endpoint, way } }: PlacedDevice,
  fields: readonly string[],
  server: ZwaveServer,
  radioTrouble: string | undefined,
): Promise<ReadAnswer> => {
  if (way === undefined) return nothing("NOT_VERIFIABLE", "it only senses");
  const trouble = radioTrouble ?? (await whyNot(node, server));
  if (trouble !== undefined) return nothing("UNREACHABLE", trouble);

  const answers: (Members | undefined)[] = [];
  for (const question of way.questions) {
    if (!question.fields.some((field) => fields.includes(field))) {
      answers.push(undefined);
      continue;
    }
    const outcome = await server.command("endpoint.invoke_cc_api", {
      nodeId: node.id,
      endpoint,
      commandClass: question.commandClass,
      methodName: "get",
      args: question.args,
    });
    if (!outcome.ok) {
      const { reason, detail } = failureOf(outcome, "NOT_VERIFIABLE");
      return nothing(reason, detail);
    }
    const { response } = outcome.result;
    if (response === undefined) {
      return nothing("UNREACHABLE", "it took the question, and does not answer");
    }
    answers.push(asMembers(response));
  }
  return understood(way, answers);
};

const understood = (way: Way, answers: readonly (Members | undefined)[]): ReadAnswer => {
  const { values, isMoving } = way.understand(answers);
  return Object.keys(values).length === 0
    ? nothing("NOT_VERIFIABLE", "it answers that it does not know how it is")
    : { said: "values", values, isMoving };
};

/** Some Gets answer with the value alone. */
const asMembers = (response: unknown): Members =>
  isObject(response) ? response : { currentValue: response };

const nothing = (
  reason: "UNREACHABLE" | "NOT_VERIFIABLE" | "DEVICE_REFUSED" | "JAMMED",
  detail: string,
): ReadAnswer => ({ said: "nothing", reason, detail });
