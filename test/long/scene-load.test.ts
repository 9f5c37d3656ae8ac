import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import { generatedLights } from "#house/simulated/generated-lights.ts";
import { runToTheEnd } from "../../scripts/command/follow-run.ts";
import { type Journey, startJourney } from "../support/journey.ts";

type Item = Readonly<Record<string, unknown>>;

const SCENES = 32;
const EACH = 10;

const place = { home: parseHomeId("home"), thingPrefix: parseThingPrefix("") };
const lights = generatedLights(place, SCENES * EACH).map(({ thing: _, ...light }) => ({
  ...light,
  // A hundred at once on a small machine: what is tested is that none is forgotten, not how fast it is.
  windowSeconds: 30,
}));
const scene = (id: string, from: number, count: number, on = false): Item => ({
  id,
  name: id.replaceAll("_", " "),
  aliases: [],
  version: 1,
  stages: [
    {
      name: on ? "on" : "off",
      devices: Object.fromEntries(
        lights.slice(from, from + count).map((light) => [light.id, { light: { on } }]),
      ),
    },
  ],
});

let folder: string;
let house: Journey;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "load-"));
  const homeFile = join(folder, "home.json");
  const scenes = [
    scene("two_hundred", 0, 200, true),
    scene("two_hundred_off", 0, 200),
    ...Array.from({ length: SCENES }, (_, n) => scene(`ten_${n}`, n * EACH, EACH)),
  ];
  writeFileSync(
    homeFile,
    JSON.stringify({
      rooms: ["Hall"],
      devices: lights,
      scenes,
      initial: Object.fromEntries(lights.map(({ id }) => [id, { light: { on: true } }])),
    }),
  );
  house = await startJourney({ homeFile });
});
afterAll(async () => {
  await house?.close();
  rmSync(folder, { recursive: true, force: true });
});

// REQ: scenes-at-once
test("32 scenes of 10 devices at once: every device of every one is confirmed", async () => {
  const results = await Promise.all(
    Array.from({ length: SCENES }, (_, n) => runToTheEnd(house.client, { scene: `ten_${n}` })),
  );

  expect(results.map(({ result, confirmed }) => [result, confirmed])).toEqual(
    results.map(() => ["done", EACH]),
  );
  expect(new Set(results.map((result) => result.run_id)).size).toBe(SCENES);
}, 300_000);

test("200 devices in one scene, all of which must act: all confirmed", async () => {
  await runToTheEnd(house.client, { scene: "two_hundred_off" });

  const result = await runToTheEnd(house.client, { scene: "two_hundred" });

  expect(result).toMatchObject({
    result: "done",
    devices: 200,
    devices_not_confirmed: [],
    confirmed: 200,
    already_there: 0,
  });
}, 300_000);
