import { setTimeout as pause } from "node:timers/promises";
import type { CommandableDevice } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { answerByMs } from "#domain/run/command.ts";
import type { Actuator } from "#house/contract/actuator.ts";
import { type Answer, answerToUnfit } from "#house/contract/answer.ts";
import { createContractDevice } from "#house/contract/contract-device.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import { act } from "./act.ts";
import { bell } from "./bell.ts";
import type { Asked, Bridge, Capabilities } from "./bridge.ts";
import { reportable } from "./held-values.ts";
import type { Thing, ThingOptions } from "./thing.ts";

// Several publications of one change are one reason to look.
const SETTLE_MS = 150;
// A device that does not report by itself is looked at, so that a change by hand is known some time.
const SLOW_LOOK_MS = 600_000;

/** A real device that can be commanded, behind the contract: it does nothing, and reports nothing, that it did not say. */
export const commandableThing = (
  options: ThingOptions & { readonly device: CommandableDevice },
): Thing => {
  const { device, bound, pass, isThere, log } = options;
  const { address } = bound;
  const over = new AbortController();
  const rings = bell();
  let readings: ReportedState = {};
  let isActing = false;
  let owedId: string | undefined;
  let looks = 0;
  let isLooking = false;

  const capabilities = (): Capabilities | undefined => {
    const found = options.bridge.capabilities(address);
    return found?.kind === device.kind ? found : undefined;
  };
  const bridge: Pick<Bridge, "set" | "read"> = {
    set: (to, asked, how) => pass(() => options.bridge.set(to, asked, how), how.isOver),
    read: (from, fields, isOver) => pass(() => options.bridge.read(from, fields, isOver), isOver),
  };

  const actuator: Actuator = {
    isReady: () => true,
    carryOut: async (order, { isOver, values }): Promise<Answer> => {
      const said = values();
      const unfit = answerToUnfit(device, order, said);
      if (unfit !== undefined) return unfit;
      const can = capabilities();
      if (can === undefined || !isThere() || order.header === undefined) {
        return {
          status: "REJECTED",
          reason: "UNREACHABLE",
          values: said,
          detail: "its hub does not have it now",
        };
      }
      const { expiresAt, transitionSeconds } = order.header;
      isActing = true;
      try {
        return await act({
          bridge,
          address,
          kind: device.kind,
          capabilities: can,
          asked: askedOf(order.wanted[device.kind]),
          transitionSeconds,
          answerByMs: answerByMs(order.header),
          expiresAtMs: expiresAt * 1000,
          isOver,
          said,
          // What an earlier life of this bridge told it must not seem to have been so before.
          onFound: async (found) => {
            if (order.id === owedId || isAsSaid(found, said)) return;
            contract.noteValues(found);
            await contract.report();
          },
          bell: rings.next,
        });
      } finally {
        isActing = false;
      }
    },
  };

  const contract = createContractDevice({
    device,
    actuator,
    memory: { values: {} },
    isFound: true,
    isThere,
    readings: () => readings,
    openLink: (events) =>
      options.openLink({
        ...events,
        onShadow: (message, token) => {
          owedId ??= rememberShadow(message);
          events.onShadow(message, token);
        },
      }),
    onChange: () => {},
    onLost: () => {},
    onBack: () => {},
    log,
  });

  /** At the first shadow: what was said in an earlier life, and the command that it left unanswered ("" for none). */
  const rememberShadow = (message: unknown): string => {
    const { desired, reported } = statesOf(message);
    const own = reported[device.kind];
    if (isObject(own)) contract.noteValues(settled(own, contract.memory().values));
    const wanted = idOf(desired.command);
    return wanted === idOf(reported.command) ? "" : wanted;
  };
  const settled = (said: DeviceValues, found: DeviceValues): DeviceValues => {
    const can = capabilities();
    if (can === undefined) return said;
    const held: Record<string, boolean | number | string> = {};
    for (const [field, value] of Object.entries(askedOf(found))) {
      const raw = can.fields[field]?.toDevice(value);
      if (raw !== undefined) held[field] = raw;
    }
    return reportable(device.kind, can, { said: "values", values: held }, said, found);
  };

  /** Looks how it is, and reports what is new; while a command is under way its own looks tell. */
  const look = async (): Promise<void> => {
    const can = capabilities();
    const isAskable = can?.evidence === "read" || can?.evidence === "own word";
    if (can === undefined || !isAskable || isActing || !isThere()) return;
    const answer = await bridge.read(address, Object.keys(can.fields), over.signal);
    if (answer.said === "nothing" || answer.isMoving === true || isActing) return;
    const said = contract.memory().values;
    const found = reportable(device.kind, can, answer, said);
    if (isAsSaid(found, said)) return;
    contract.noteValues(found);
    await contract.report();
  };

  /** Again where something changed while it looked. */
  const lookWhileAsked = async (): Promise<void> => {
    while (looks > 0) {
      await pause(SETTLE_MS, undefined, { signal: over.signal });
      looks = 0;
      await look();
    }
  };
  const lookSoon = (): void => {
    looks += 1;
    if (looks > 1 || isLooking) return;
    isLooking = true;
    lookWhileAsked()
      .catch((error: Error) => {
        if (!over.signal.aborted) log(`${device.id}: ${error.message}`);
      })
      .finally(() => {
        isLooking = false;
      });
  };
  const lookNowAndThen = async (): Promise<void> => {
    while (true) {
      await pause(SLOW_LOOK_MS, undefined, { ref: false, signal: over.signal });
      if (capabilities()?.isSleepy === false) lookSoon();
    }
  };

  return {
    start: async () => {
      await look();
      await contract.connect();
      lookNowAndThen().catch(() => {});
    },
    presenceChanged: () => {
      contract.report().catch(() => {});
      if (isThere()) lookSoon();
    },
    hint: () => {
      if (isActing) rings.ring();
      else lookSoon();
    },
    readings: (next) => {
      readings = { ...readings, ...next };
      contract.report().catch(() => {});
    },
    stop: async () => {
      over.abort();
      await contract.disconnect();
    },
  };
};

/** What is asked was found fit before; a member that is none of a wish's values asks for nothing. */
const askedOf = (wanted: unknown): Asked => {
  const asked: Record<string, boolean | number | string> = {};
  for (const [field, value] of Object.entries(isObject(wanted) ? wanted : {})) {
    if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
      asked[field] = value;
    }
  }
  return asked;
};

const isAsSaid = (found: DeviceValues, said: DeviceValues): boolean => {
  const names = new Set([...Object.keys(found), ...Object.keys(said)]);
  return [...names].every((name) => found[name] === said[name]);
};

const statesOf = (
  message: unknown,
): {
  readonly desired: Readonly<Record<string, unknown>>;
  readonly reported: Readonly<Record<string, unknown>>;
} => {
  const state = isObject(message) && isObject(message.state) ? message.state : {};
  return {
    desired: isObject(state.desired) ? state.desired : {},
    reported: isObject(state.reported) ? state.reported : {},
  };
};

const idOf = (command: unknown): string =>
  isObject(command) && typeof command.id === "string" ? command.id : "";
