import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import { isAsWanted, type ReportedState, type WantedState } from "#domain/home/vocabulary.ts";
import type { Fault } from "#house/simulated/faults.ts";
import { type House, startHouse } from "#house/simulated/house.ts";
import { runToTheEnd } from "../../scripts/command/follow-run.ts";
import { type Journey, startJourney } from "../support/journey.ts";

// Random scenes on random states, with random faults, in a running house: whatever the result says of a device is true of the
// simulated device itself when the run is over.

type Item = Readonly<Record<string, unknown>>;

const SEED = 20_261_127;
const ROUNDS = 30;

const percent = fc.integer({ min: 0, max: 100 });
/** What a device of a kind may be asked for without anybody's approval. */
const WISHES: Readonly<Record<string, fc.Arbitrary<Item>>> = {
  light: fc.oneof(
    fc.constant({ on: false }),
    fc.record({ brightness: fc.integer({ min: 1, max: 100 }) }),
    fc.record({
      brightness: fc.integer({ min: 1, max: 100 }),
      colorTempK: fc.integer({ min: 1500, max: 9000 }),
    }),
    fc.record({ hue: fc.integer({ min: 0, max: 360 }), saturation: percent }),
  ),
  plug: fc.record({ on: fc.boolean() }),
  lock: fc.constant({ locked: true }),
  cover: fc.record({ position: percent }),
  climate: fc.record({
    mode: fc.constantFrom("heat", "cool"),
    targetC: fc.integer({ min: 50, max: 350 }).map((tenths) => tenths / 10),
  }),
  media: fc.record({ volume: percent }),
  alarm: fc.record({ mode: fc.constantFrom("armed_home", "armed_night", "armed_away") }),
  fan: fc.record({ speed: fc.integer({ min: 1, max: 100 }) }),
  vacuum: fc.record({ activity: fc.constantFrom("cleaning", "paused", "docked") }),
  humidifier: fc.record({ targetHumidity: fc.integer({ min: 30, max: 70 }) }),
};
const KINDS = Object.keys(WISHES);
const FAULTS: readonly (Fault | undefined)[] = [
  ...[undefined, undefined, undefined],
  { kind: "coarse" },
  { kind: "duplicate" },
  { kind: "refuse" },
  { kind: "silent" },
  { kind: "offline" },
  { kind: "slow", addedMs: 900 },
];

const JAMMED: Fault = { kind: "jammed" };
const faultsOf = (kind: string): readonly (Fault | undefined)[] =>
  kind === "lock" || kind === "cover" ? [...FAULTS, JAMMED, JAMMED] : FAULTS;

/** One to three devices of each kind, as the seed draws them: no kind goes untried. */
const COUNTS = fc.sample(fc.integer({ min: 1, max: 3 }), { seed: SEED, numRuns: KINDS.length });
const HOME = {
  rooms: ["Room"],
  devices: KINDS.flatMap((kind, at) =>
    Array.from({ length: COUNTS[at] ?? 1 }, (_, n) => ({
      id: `${kind}_${n}`,
      name: `${kind} ${n}`,
      kind,
      room: "Room",
      windowSeconds: 2,
      ...(kind === "cover" ? { deviceClass: "blind" } : {}),
    })),
  ),
  scenes: [],
};

interface Round {
  readonly devices: readonly {
    readonly id: string;
    readonly stage: number;
    readonly wish: Item;
    readonly isRequired: boolean;
    readonly fault: Fault | undefined;
    readonly before: Item;
  }[];
}

const aRound: fc.Arbitrary<Round> = fc
  .subarray(
    HOME.devices.map(({ id }) => id),
    { minLength: 1, maxLength: 10 },
  )
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) => {
        const wish = WISHES[id.slice(0, -2)] ?? fc.constant({});
        return fc.record({
          id: fc.constant(id),
          stage: fc.integer({ min: 0, max: 2 }),
          wish,
          // Seldom, so that not every run is stopped by its first stage.
          isRequired: fc.nat({ max: 4 }).map((n) => n === 0),
          fault: fc.constantFrom(...faultsOf(id.slice(0, -2))),
          before: wish,
        });
      }),
    ),
  )
  .map((devices) => ({ devices }));

let folder: string;
let house: Journey;
let devices: House;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "truth-"));
  const homeFile = join(folder, "home.json");
  writeFileSync(homeFile, JSON.stringify(HOME));
  // The house's own devices stay away; those of this test, which it can ask, come in their place.
  const faults = HOME.devices.map(({ id }) => `${id}=offline`).join(",");
  house = await startJourney({ homeFile, faults });
  const place = { home: parseHomeId("home"), thingPrefix: parseThingPrefix("") };
  devices = await startHouse({
    mqttUrl: house.home.endpoints.mqtt.url,
    devices: parseHome(HOME, place).devices,
    latencyMs: () => 20,
  });
});
afterAll(async () => {
  await devices?.close();
  await house?.close();
  rmSync(folder, { recursive: true, force: true });
});

const kindOf = (id: string): string => id.slice(0, -2);
/** How a device is, but for the jam that its fault makes of a lock or a cover: where it stands, it did not move. */
const unjammed = (values: unknown): Item => {
  const { jammed: _, ...others } = values as Item;
  return others;
};
const valuesOf = (id: string): Item => unjammed(devices.reported(id)[kindOf(id)]);
const GOOD = ["confirmed", "already_there", "confirmed_late"];

/** The stages that have devices, in order, as a definition has them. */
const stagesOf = ({ devices: all }: Round) =>
  [0, 1, 2]
    .map((stage) => all.filter((one) => one.stage === stage))
    .filter((members) => members.length > 0);

const definitionOf = (round: Round): Item => ({
  name: "Round",
  stages: stagesOf(round).map((members, at) => ({
    name: `stage ${at}`,
    required: members.filter(({ isRequired }) => isRequired).map(({ id }) => id),
    entities: Object.fromEntries(members.map(({ id, wish }) => [id, { [kindOf(id)]: wish }])),
  })),
});

interface Told {
  readonly device: string;
  readonly outcome: string;
  readonly reason?: string;
}

const truthOf = async (round: Round) => {
  for (const { id, before, fault } of round.devices) {
    await devices.setFault(id, undefined);
    await devices.setByHand(id, before);
    await devices.setFault(id, fault);
  }
  const before = new Map(round.devices.map(({ id }) => [id, valuesOf(id)]));
  const heard = new Map(
    round.devices.map(({ id }) => [id, devices.commandsReceived(id).length] as const),
  );
  const saved = await house.client.callTool("save_scene", {
    definition: JSON.stringify(definitionOf(round)),
  });
  expect(saved.error).toBeUndefined();

  const result = await runToTheEnd(house.client, { scene: "Round" });
  const atEnd = new Map(round.devices.map(({ id }) => [id, devices.reported(id)]));
  const run = String(result.run_id);
  const record = (await house.auditOf(run)).find(({ SK }) => SK === "OUTCOME");
  const told = record?.devices as readonly (Told & { readonly asked: WantedState })[];
  // What a device gets to hear after the run, it must not do: whoever was silent wakes, whoever was away comes back.
  for (const { id, fault } of round.devices) {
    if (fault?.kind === "silent" || fault?.kind === "offline")
      await devices.setFault(id, undefined);
  }
  const woken = new Map(round.devices.map(({ id }) => [id, valuesOf(id)]));
  return { result, told, before, heard, atEnd, woken };
};

// REQ: one-outcome
test(`in ${ROUNDS} random rounds the result's words are true of the devices, no gate is passed, and nobody acts afterwards`, async () => {
  const counts: Record<string, number> = {};
  const reasons = new Set<string>();
  const rounds = fc.sample(aRound, { seed: SEED, numRuns: ROUNDS });

  for (const [at, round] of rounds.entries()) {
    const { result, told, before, heard, atEnd, woken } = await truthOf(round);
    const where = `round ${at} of seed ${SEED}: ${JSON.stringify(round)}`;
    expect(told, where).toHaveLength(round.devices.length);
    for (const { device, outcome, reason, asked } of told) {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (reason !== undefined) reasons.add(reason);
      const reported = atEnd.get(device) as ReportedState;
      const about = `${device} ${outcome} ${JSON.stringify(reported)}, ${where}`;
      if (GOOD.includes(outcome)) expect(isAsWanted(asked, reported), about).toBe(true);
      else expect(valuesOf(device), about).toEqual(before.get(device));
      expect(woken.get(device), about).toEqual(unjammed(reported[kindOf(device)]));
      // One command reached it, or none; whatever was delivered again was the same.
      const commands = devices.commandsReceived(device).length - (heard.get(device) ?? 0);
      expect(commands, about).toBeLessThanOrEqual(1);
      if (outcome === "not_reached") expect(commands, about).toBe(0);
    }
    const outcomeOf = (id: string): string =>
      told.find(({ device }) => device === id)?.outcome ?? "";
    const stages = stagesOf(round);
    const closed = stages.findIndex((members) =>
      members.some(({ id, isRequired }) => isRequired && !GOOD.slice(0, 2).includes(outcomeOf(id))),
    );
    const reached = stages.map((members) =>
      members.every(({ id }) => outcomeOf(id) !== "not_reached"),
    );
    expect(reached, where).toEqual(stages.map((_, n) => closed === -1 || n <= closed));
    const isAllGood = told.every(({ outcome }) => GOOD.slice(0, 2).includes(outcome));
    expect(result.result === "done", where).toBe(isAllGood);
  }

  process.stdout.write(`${JSON.stringify(counts)}\n`);
  // Every word of the faults came up.
  expect(Object.keys(counts)).toEqual(
    expect.arrayContaining(["confirmed", "refused", "timed_out", "offline", "not_reached"]),
  );
  expect(reasons).toContain("JAMMED");
}, 300_000);
