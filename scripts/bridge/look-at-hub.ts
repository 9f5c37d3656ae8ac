import { setTimeout as pause } from "node:timers/promises";
import type { Bridge } from "#bridges/core/bridge.ts";
import { Problem } from "../command/problem.ts";

const FIRST_WORD_MS = 10_000;

/**
 * Has a bridge learn once what its hub has.
 * @throws Problem when the hub is not there within ten seconds
 */
export const lookAtHub = async (
  bridge: Pick<Bridge, "events">,
  url: string,
  log: (line: string) => void,
  firstWordMs = FIRST_WORD_MS,
): Promise<void> => {
  let isHubThere = false;
  const done = new AbortController();
  const late = pause(firstWordMs, undefined, { signal: done.signal });
  const told = bridge.events({
    onHub: (isThere) => {
      isHubThere = isThere;
    },
    onDevices: () => {},
    onHint: () => {},
    onReadings: () => {},
    onTrouble: log,
  });
  try {
    await Promise.race([told, late]);
  } finally {
    done.abort();
    late.catch(() => {});
  }
  if (!isHubThere) {
    throw new Problem(
      `The hub at ${url} is not there. Start it, or name where it is: --url URL. Nothing was changed.`,
    );
  }
};
