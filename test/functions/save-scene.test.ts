import { beforeEach, describe, expect, test, vi } from "vitest";
import { putRecord } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { putScene } from "#adapters/scene-table.ts";
import { parseScene, type Scene } from "#domain/home/scene.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { readYamlSource } from "../../scripts/scenes/read-yaml-source.ts";
import { A_HOME } from "../support/scenes/a-home.ts";
import { BAD_JSON, BAD_YAML } from "../support/scenes/bad-scenes.ts";
import { call, headersOf, MACHINE, READ_ONLY, RESIDENT, refusal } from "./called-home.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv(
    "RUN_SCENE_STATE_MACHINE_ARN",
    "arn:aws:states:us-east-1:000000000000:stateMachine:run-scene",
  );
});
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({ readRun: vi.fn(), putRecord: vi.fn() }));
vi.mock("#adapters/scene-table.ts", () => ({ putScene: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const film = { name: "Film night", entities: { ceiling: "off", front_door: "locked" } };
const save = (definition: unknown) =>
  call("save_scene", { definition: JSON.stringify(definition) });
const reports = (states: Readonly<Record<string, ReportedState>>): void => {
  vi.mocked(getShadows).mockResolvedValue(
    new Map(
      Object.entries(states).map(([id, reported]) => [
        `home-${id}`,
        { version: 1, view: { reported } },
      ]),
    ),
  );
};
/** The scene that was written last. */
const saved = () => vi.mocked(putScene).mock.lastCall?.[3];

/** The same, as the home has it from then on. */
const savedScene = (): Scene => {
  const { savedBy: _, savedAt: __, ...scene } = saved() ?? {};
  return parseScene(scene, A_HOME.devices);
};

beforeEach(() => {
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(A_HOME);
  vi.mocked(getShadows).mockReset().mockResolvedValue(new Map());
  vi.mocked(putScene).mockReset().mockResolvedValue(true);
  vi.mocked(putRecord).mockReset();
  vi.mocked(runWorkflow).mockReset();
});

test("a new scene is version 1, and who saved it is in the audit before it is saved", async () => {
  const answer = await save(film);

  expect(answer).toEqual({
    scene: "film_night",
    name: "Film night",
    version: 1,
    devices: 2,
    changed: ["it is new"],
    needs_approval: [],
    say: "Film night is saved as version 1, with 2 devices. Nothing was sent.",
  });
  expect(vi.mocked(putScene).mock.lastCall?.[2]).toBeUndefined();
  expect(saved()).toMatchObject({ id: "film_night", version: 1, savedBy: "anna" });
  expect(putRecord).toHaveBeenCalledExactlyOnceWith(
    "audit",
    expect.objectContaining({
      v: 1,
      home: "home",
      change: "scene-saved",
      subject: "film_night",
      details: { version: 1, changed: ["it is new"] },
      by: {
        tool: "save_scene",
        sub: "sub-anna",
        clientId: "client-web",
        username: "anna",
        role: "resident",
      },
    }),
  );
  expect(runWorkflow).not.toHaveBeenCalled();
});

test("the next version says what is other than before, and the one before is kept", async () => {
  await save(film);
  const before = savedScene();
  vi.mocked(readHome).mockResolvedValue({ ...A_HOME, scenes: [before] });

  const answer = await save({
    ...film,
    aliases: ["cinema"],
    entities: { ceiling: { state: "on", brightness_pct: 5 }, kettle: "off" },
  });

  expect(answer).toMatchObject({
    version: 2,
    changed: [
      "ceiling: off became on, brightness 5 %",
      "front_door: no longer asked",
      "kettle: off, which it did not ask before",
      "its aliases",
    ],
  });
  expect(vi.mocked(putScene).mock.lastCall?.[2]).toEqual(before);
});

test("a scene that may not run by itself still may not when it is saved anew", async () => {
  await save({ ...film, schedules: false });
  vi.mocked(readHome).mockResolvedValue({ ...A_HOME, scenes: [savedScene()] });

  await save({ ...film, entities: { ceiling: "on" } });

  expect(saved()).toMatchObject({ version: 2, schedules: false });
});

test("the same scene again is not saved again", async () => {
  await save(film);
  const before = savedScene();
  vi.mocked(readHome).mockResolvedValue({ ...A_HOME, scenes: [before] });

  const answer = await save(film);

  expect(answer).toMatchObject({
    version: 1,
    changed: [],
    say: "Film night is saved like that already, as version 1. Nothing was changed.",
  });
  expect(putScene).toHaveBeenCalledTimes(1);
  expect(putRecord).toHaveBeenCalledTimes(1);
});

test("a scene that lets somebody in says that it needs an approval", async () => {
  const answer = await save({ name: "Home again", entities: { front_door: "unlocked" } });

  expect(answer).toMatchObject({
    needs_approval: [{ device: "front_door", what: "unlock" }],
    say: "Home again is saved as version 1, with 1 device. Nothing was sent. To run it takes a resident's approval: front_door (unlock).",
  });
});

test("a scene may want an approval for whatever is asked of a device", async () => {
  const answer = await save({ ...film, approval: ["Front door"] });

  expect(answer).toMatchObject({ needs_approval: [{ device: "front_door", what: "command" }] });
});

test("a scene can be made of what devices are now; what nobody knows of is told", async () => {
  reports({
    shelf_left: { light: { on: true, brightness: 40, hue: 20, saturation: 80 }, online: true },
    ceiling: { light: { on: false, brightness: 70, colorTempK: 2700 } },
    heating: { climate: { mode: "heat", targetC: 18.5, currentC: 17 } },
  });

  const answer = await call("save_scene", { name: "Cosy", devices: ["room:Living room"] });

  expect(answer).toMatchObject({
    scene: "cosy",
    not_taken: ["blind"],
    say: "Cosy is saved as version 1, with 3 devices. Nothing was sent. Not taken, because their state is not known: blind.",
  });
  expect(saved()?.stages[0]?.devices).toEqual({
    shelf_left: { light: { on: true, brightness: 40, hue: 20, saturation: 80 } },
    ceiling: { light: { on: false } },
    heating: { climate: { mode: "heat", targetC: 18.5 } },
  });
});

describe("refuses, and saves nothing", () => {
  test("devices of which nothing is known", async () => {
    expect(await call("save_scene", { name: "Cosy", devices: ["Ceiling"] })).toEqual(
      refusal("SceneInvalid"),
    );
    expect(putScene).not.toHaveBeenCalled();
  });

  test("a name that another scene has", async () => {
    await save({ ...film, aliases: ["cinema"] });
    const other = savedScene();
    vi.mocked(readHome).mockResolvedValue({ ...A_HOME, scenes: [other] });

    expect(await save({ name: "Cinema", entities: { ceiling: "off" } })).toEqual({
      error: {
        code: "SceneInvalid",
        message:
          'Scene "film_night" is called like that already; give this one another name, or its id. Nothing was changed.',
        closest: ["film_night"],
      },
    });
    expect(putScene).toHaveBeenCalledTimes(1);
  });

  test("somebody who may only look", async () => {
    expect(
      await call("save_scene", { definition: JSON.stringify(film) }, headersOf(READ_ONLY)),
    ).toEqual(refusal("NotAllowed"));
    expect(putScene).not.toHaveBeenCalled();
  });

  test("a definition and devices at once, and neither", async () => {
    expect(await call("save_scene", { definition: "{}", name: "A", devices: ["Ceiling"] })).toEqual(
      refusal("ArgumentsInvalid"),
    );
    expect(await call("save_scene", {})).toEqual(refusal("ArgumentsInvalid"));
  });

  test("who was slower than somebody else", async () => {
    vi.mocked(putScene).mockResolvedValue(false);

    expect(await save(film)).toEqual(refusal("SceneChanged"));
  });

  test.each(BAD_JSON)("$what", async ({ text, code, at }) => {
    const [line, column] = (at ?? "").split(":").map(Number);

    const answer = await call("save_scene", { definition: text });

    expect(answer).toMatchObject({ error: { code, at: { line, column } } });
    expect(putScene).not.toHaveBeenCalled();
    expect(putRecord).not.toHaveBeenCalled();
    expect(runWorkflow).not.toHaveBeenCalled();
  });

  test.each(BAD_YAML.filter(({ code, text }) => code !== "SceneTextInvalid" && text.trim() !== ""))(
    "$what, as JSON",
    async ({ text, code }) => {
      const answer = await call("save_scene", {
        definition: JSON.stringify(readYamlSource(text).value),
      });

      expect(isObject(answer) && answer.error).toMatchObject({ code });
      expect(putScene).not.toHaveBeenCalled();
      expect(putRecord).not.toHaveBeenCalled();
      expect(runWorkflow).not.toHaveBeenCalled();
    },
  );
});

test("a machine may save what residents then run", async () => {
  const answer = await call("save_scene", { definition: JSON.stringify(film) }, MACHINE);

  expect(answer).toMatchObject({ version: 1 });
});
