import { expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { compareHomes } from "../../../scripts/homes/home-difference.ts";

const PLACE = { home: parseHomeId("home"), thingPrefix: "" } as const;
const demo = parseHome(demoHome, PLACE);

// REQ: seed-home
test("an empty home lacks everything, devices before the scenes that ask them", () => {
  const empty = { place: PLACE, devices: [], scenes: [], groups: [], floors: [] };

  const compared = compareHomes(empty, demo);

  expect(new Set(compared.map(({ standing }) => standing))).toEqual(new Set(["missing"]));
  expect(compared.map(({ part }) => part)).toEqual([
    ...Array.from({ length: 14 }, () => "device"),
    ...Array.from({ length: 4 }, () => "scene"),
  ]);
});

// REQ: seed-home
test("what is otherwise is told member by member, and a scene device by device", () => {
  const file = parseHome(
    {
      ...demoHome,
      devices: demoHome.devices.map((device) =>
        device.id === "hall_lamp" ? { ...device, name: "Hall light", windowSeconds: 7 } : device,
      ),
      scenes: demoHome.scenes.map((scene) =>
        scene.id === "away" ? { ...scene, name: "Gone" } : scene,
      ),
    },
    PLACE,
  );

  const differing = compareHomes(demo, file).filter(({ standing }) => standing !== "same");

  expect(differing).toEqual([
    {
      part: "device",
      id: "hall_lamp",
      name: "Hall light",
      standing: "differs",
      differences: [
        'its name is "Hall lamp" here, "Hall light" in the file',
        "its windowSeconds is not said here, 7 in the file",
      ],
    },
    { part: "scene", id: "away", name: "Gone", standing: "differs", differences: ["its name"] },
  ]);
});
