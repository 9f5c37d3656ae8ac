import { describe, expect, test } from "vitest";
import type { Home } from "#domain/home/home.ts";
import { parseHome } from "#domain/home/home.ts";
import { isUnattended, needsApproval, requireUnattended } from "#domain/run/needs-approval.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import content from "#house/demo-home.json" with { type: "json" };
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";

const DEVICES = [
  { id: "front_door", name: "Front door", kind: "lock", room: "Hall" },
  { id: "alarm", name: "Alarm", kind: "alarm", room: "Hall" },
  { id: "lamp", name: "Lamp", kind: "light", room: "Hall" },
  { id: "blind", name: "Blind", kind: "cover", room: "Hall", deviceClass: "blind" },
  { id: "garage", name: "Garage door", kind: "cover", room: "Hall", deviceClass: "garage" },
  { id: "gate", name: "Gate", kind: "cover", room: "Hall", deviceClass: "gate" },
  { id: "side_door", name: "Side door", kind: "cover", room: "Hall", deviceClass: "door" },
  { id: "unsaid", name: "Something", kind: "cover", room: "Hall" },
];

const homeWith = (wanted: object, more: object = {}): Home =>
  parseHome(
    {
      devices: DEVICES,
      scenes: [
        { id: "it", name: "It", version: 1, stages: [{ name: "do", devices: wanted }], ...more },
      ],
    },
    AT_HOME,
  );

const asked = (home: Home, except: readonly string[] = []) => {
  const [scene] = home.scenes;
  if (scene === undefined) throw new Error("no scene");
  return { scene, plan: planScene(scene, home, except), devices: home.devices };
};

const approvalsOf = (wanted: object): readonly string[] => {
  const { plan, devices } = asked(homeWith(wanted));
  return needsApproval(plan, devices).map(({ device, what }) => `${what} ${device}`);
};

describe("a person's approval", () => {
  // REQ: never-unattended
  test.each([
    ["unlocking", { front_door: { lock: { locked: false } } }, ["unlock front_door"]],
    ["disarming", { alarm: { alarm: { mode: "disarmed" } } }, ["disarm alarm"]],
    ["opening a garage", { garage: { cover: { position: 100 } } }, ["open garage"]],
    ["opening a gate a little", { gate: { cover: { position: 1 } } }, ["open gate"]],
    ["opening a door", { side_door: { cover: { position: 50 } } }, ["open side_door"]],
    ["opening what nobody said", { unsaid: { cover: { position: 100 } } }, ["open unsaid"]],
  ])("is needed for %s", (_, wanted, approvals) => {
    expect(approvalsOf(wanted)).toEqual(approvals);
  });

  test.each([
    ["locking", { front_door: { lock: { locked: true } } }],
    ["arming", { alarm: { alarm: { mode: "armed_home" } } }],
    ["closing a garage", { garage: { cover: { position: 0 } } }],
    ["closing what nobody said", { unsaid: { cover: { position: 0 } } }],
    ["opening a blind", { blind: { cover: { position: 100 } } }],
    ["a light", { lamp: { light: { on: true } } }],
  ])("is not needed for %s", (_, wanted) => {
    expect(approvalsOf(wanted)).toEqual([]);
  });

  test("is not needed for any scene of the demo home", () => {
    const home = parseHome(content, AT_HOME);

    const needing = home.scenes.filter(
      (scene) => needsApproval(planScene(scene, home, []), home.devices).length > 0,
    );

    expect(needing).toEqual([]);
  });
});

describe("without a person", () => {
  test("a scene that unlocks is refused, naming the devices and what would help", () => {
    const { scene, plan, devices } = asked(
      homeWith({
        front_door: { lock: { locked: false } },
        lamp: { light: { on: true } },
        unsaid: { cover: { position: 100 } },
      }),
    );
    const run = () => requireUnattended(scene, plan, devices);

    expect(codeOf(run)).toBe("NeedsApproval");
    expect(messageOf(run)).toBe(
      '"it" needs a person\'s approval for front_door (unlock), unsaid (open), so it never runs by itself. Leave that out with "except", use another scene, or let a person run it. Nobody said yet what cover unsaid is, be it a garage door or a blind: npm run schedule -- settings --cover unsaid=blind. Nothing was changed.',
    );
  });

  test("the same scene runs when the device in question is left out", () => {
    const { scene, plan, devices } = asked(
      homeWith({ front_door: { lock: { locked: false } }, lamp: { light: { on: true } } }),
      ["front_door"],
    );

    expect(codeOf(() => requireUnattended(scene, plan, devices))).toBeUndefined();
  });

  test("a scene that the home keeps for people is refused", () => {
    const { scene, plan, devices } = asked(
      homeWith({ lamp: { light: { on: true } } }, { schedules: false }),
    );

    expect(codeOf(() => requireUnattended(scene, plan, devices))).toBe("SceneNotForSchedules");
  });

  test("a machine calls; a person has a name", () => {
    const machine = { sub: "machine", clientId: "machine", scopes: ["write"] } as const;

    expect([isUnattended(machine), isUnattended({ ...machine, username: "ada" })]).toEqual([
      true,
      false,
    ]);
  });
});
