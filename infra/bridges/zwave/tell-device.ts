import type { Asked, SetAnswer, SetOptions } from "#bridges/core/bridge.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import { isObject } from "#domain/json.ts";
import type { Way, Write } from "./kinds/way.ts";
import type { PlacedDevice } from "./network.ts";
import { failureOf, whyNot } from "./reachable.ts";
import { LOST, type ZwaveServer } from "./server/zwave-server.ts";

// https://zwave-js.github.io/zwave-js/#/api/node?id=setvalue, SetValueStatus
const WORKING = 1;
const FAIL = 2;
const TAKEN_BY_RADIO = 254;
const SUCCESS = 255;
const REFUSALS: Readonly<Record<number, string>> = {
  0: "the device does not know this command",
  [FAIL]: "the device says that it failed",
  3: "the device has no such endpoint",
  4: "the driver cannot set this",
  5: "the value is none of the device's",
};

/** What telling a device needs. */
export interface Telling {
  readonly server: ZwaveServer;
  readonly radioTrouble: string | undefined;
  /** Resolves to true when the lock says that it is jammed, and to false when it has not for a while. */
  isJammedSoon(isOver: AbortSignal): Promise<boolean>;
}

/**
 * Sets, one value after the other, what is asked. Nothing is sent to a node that sleeps: the driver would keep it until
 * the node wakes up, and nothing takes it back.
 */
export const tellDevice = async (
  { node, device: { endpoint, way } }: PlacedDevice,
  asked: Asked,
  { transitionSeconds, isOver }: SetOptions,
  { server, radioTrouble, isJammedSoon }: Telling,
): Promise<SetAnswer> => {
  if (way === undefined) return refused("it only senses");
  const writes = writesFor(way, asked);
  if (writes === undefined) return refused("it cannot be set to what is asked");
  const trouble = radioTrouble ?? (await whyNot(node, server));
  if (trouble !== undefined) return { said: "failed", reason: "UNREACHABLE", detail: trouble };

  let isDone = true;
  for (const { canFade, ...write } of writes) {
    if (isOver.aborted) {
      return { said: "failed", reason: "UNREACHABLE", detail: "nobody waits for it any more" };
    }
    const { value, ...valueId } = write;
    const outcome = await server.command("node.set_value", {
      nodeId: node.id,
      valueId: { ...valueId, endpoint },
      value,
      ...(canFade && transitionSeconds > 0
        ? { options: { transitionDuration: `${Math.round(transitionSeconds)}s` } }
        : {}),
    });
    // It was sent, and the server went away with its answer: only a look can tell.
    if (!outcome.ok && outcome.code === LOST) return { said: "taken" };
    if (!outcome.ok) return failureOf(outcome, "DEVICE_REFUSED");
    const { result } = outcome.result;
    const status = isObject(result) ? result.status : undefined;
    if (status === SUCCESS) continue;
    isDone = false;
    if (status === WORKING || status === TAKEN_BY_RADIO) continue;
    const isJammed = way.kind === "lock" && status === FAIL && (await isJammedSoon(isOver));
    return isJammed
      ? { said: "failed", reason: "JAMMED", detail: "the lock says that it is jammed" }
      : refused(
          (typeof status === "number" ? REFUSALS[status] : undefined) ?? "no reason is given",
        );
  }
  return { said: isDone ? "done" : "taken" };
};

const refused = (detail: string): SetAnswer => ({
  said: "failed",
  reason: "DEVICE_REFUSED",
  detail,
});

/** Undefined where a value is none of the device's. */
const writesFor = (way: Way, asked: Asked): readonly Write[] | undefined => {
  const own: Record<string, Value> = {};
  for (const [field, value] of Object.entries(asked)) {
    const held = way.fields[field]?.toDevice(value);
    if (held === undefined) return undefined;
    own[field] = held;
  }
  return way.writes(own);
};
