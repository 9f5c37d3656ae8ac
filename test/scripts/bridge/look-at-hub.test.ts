import { expect, test, vi } from "vitest";
import type { BridgeEvents } from "#bridges/core/bridge.ts";
import { lookAtHub } from "../../../scripts/bridge/look-at-hub.ts";

const AWAY =
  "The hub at ws://hub:3000 is not there. Start it, or name where it is: --url URL. Nothing was changed.";

test.each([
  ["that never says a word", () => new Promise<void>(() => {})],
  ["whose bridge gives up by itself", async () => {}],
  ["that went away again", async (told: BridgeEvents) => [true, false].forEach(told.onHub)],
])("a look at a hub %s ends, and names where it should be", async (_what, events) => {
  const looking = lookAtHub({ events }, "ws://hub:3000", () => {}, 10);

  await expect(looking).rejects.toMatchObject({ name: "Problem", message: AWAY });
});

test("a look at a hub that is there ends when it has told what it has; its troubles are told", async () => {
  const log = vi.fn();

  await lookAtHub(
    {
      events: async (told) => {
        told.onHub(true);
        told.onTrouble("the stick is slow");
      },
    },
    "ws://hub:3000",
    log,
  );

  expect(log.mock.calls).toEqual([["the stick is slow"]]);
});
