import { randomUUID } from "node:crypto";
import { putRecord } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome } from "#adapters/home-table.ts";
import { putScene } from "#adapters/scene-table.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { sceneChangeRecord } from "#domain/audit/changes/scene-change-record.ts";
import { counted } from "#domain/counted.ts";
import type { Home } from "#domain/home/home.ts";
import { normalizeName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { HomeError } from "#domain/home-error.ts";
import { needsApproval } from "#domain/run/needs-approval.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { inHome } from "#domain/run/run-result.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import { readJsonSource } from "#domain/scene/definition/read-json-source.ts";
import { statesOfNow } from "#domain/scene/definition/scene-of-now.ts";
import { asNextVersion, sceneChanges } from "#domain/scene/settle/scene-changes.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";

/**
 * Saves a scene from its definition, or from what devices are now; a scene of its id gets its next version, and the one
 * before is kept. Runs nothing.
 * @throws HomeError of the definition with the place, nothing saved; `SceneChanged` when somebody was faster
 */
export const saveScene = async (
  { homeTableName, auditTableName }: Pick<Deployment, "homeTableName" | "auditTableName">,
  caller: Caller,
  access: HomeAccess,
  { from }: ToolCall<"save_scene">,
): Promise<unknown> => {
  const home = await readHome(homeTableName, access);
  const { text, unsaid } =
    "definition" in from
      ? { text: from.definition, unsaid: [] }
      : await definitionOfNow(from.name, from.devices, home);
  const definition = parseDefinition(readJsonSource(text));
  const before = home.scenes.find(({ id }) => id === definition.id);
  refuseTakenName(definition, home);
  const compiled = compileScene(definition, home, (before?.version ?? 0) + 1);
  const scene = asNextVersion(before, compiled);
  // Whatever it may be asked for fits into a run.
  const plan = planScene(scene, home, []);
  const changed = sceneChanges(before, scene);
  const approvals = needsApproval(plan, home.devices, scene).map(({ device, what }) => ({
    device,
    what,
  }));
  const about = homeNameIn(access);
  const answer = {
    ...(about.homeName === undefined ? {} : { home: plan.home }),
    scene: scene.id,
    name: scene.name,
    devices: plan.stages.flatMap(({ commands }) => commands).length,
    changed,
    needs_approval: approvals,
    ...(unsaid.length === 0 ? {} : { not_taken: unsaid }),
  };
  if (before !== undefined && changed.length === 0) {
    const say = `${scene.name} is saved like that already, as version ${before.version}. Nothing was changed.`;
    return { ...answer, version: before.version, say: inHome(about, say) };
  }
  const at = new Date().toISOString();
  // The record first: no change is there that nobody made.
  await putRecord(
    auditTableName,
    sceneChangeRecord(access, caller, {
      scene: scene.id,
      version: scene.version,
      changed,
      at,
      id: randomUUID(),
    }),
  );
  const saved = { ...scene, savedBy: caller.username ?? caller.clientId, savedAt: at };
  if (!(await putScene(homeTableName, access, before, saved))) {
    throw new HomeError(
      "SceneChanged",
      `Somebody else saved "${scene.id}" meanwhile. Nothing was changed. Look at it with get_home, then save again.`,
    );
  }
  return { ...answer, version: scene.version, say: inHome(about, saySaved(scene, answer)) };
};

const definitionOfNow = async (
  name: string,
  names: readonly string[],
  home: Home,
): Promise<{ readonly text: string; readonly unsaid: readonly string[] }> => {
  const ids = resolveDevices(
    names,
    home,
    'Call save_scene again with one of these names in "devices".',
  );
  const devices = home.devices.filter(({ id }) => ids.includes(id));
  const shadows = await getShadows(devices.map(({ thing }) => thing));
  const { entities, unsaid } = statesOfNow(
    devices,
    ({ thing }) => shadows.get(thing)?.view.reported,
  );
  if (Object.keys(entities).length === 0) {
    throw new HomeError(
      "SceneInvalid",
      `None of ${names.join(", ")} reports a state that could be asked of it. Nothing was changed.`,
    );
  }
  return { text: JSON.stringify({ name, entities }), unsaid };
};

// A name that two scenes have would be asked back for ever.
const refuseTakenName = (
  { id, name, aliases }: Pick<Scene, "id" | "name" | "aliases">,
  home: Home,
): void => {
  const own = new Set([id, name, ...aliases].map(normalizeName));
  const other = home.scenes.find(
    (scene) =>
      scene.id !== id &&
      [scene.id, scene.name, ...scene.aliases].some((one) => own.has(normalizeName(one))),
  );
  if (other === undefined) return;
  throw new HomeError(
    "SceneInvalid",
    `Scene "${other.id}" is called like that already; give this one another name, or its id. Nothing was changed.`,
    { closest: [other.id] },
  );
};

const saySaved = (
  { name, version }: Scene,
  answer: {
    readonly devices: number;
    readonly needs_approval: readonly { readonly device: string; readonly what: string }[];
    readonly not_taken?: readonly string[];
  },
): string => {
  const { devices, needs_approval: approvals, not_taken: unsaid = [] } = answer;
  return [
    `${name} is saved as version ${version}, with ${counted(devices, "device")}. Nothing was sent.`,
    ...(approvals.length === 0
      ? []
      : [
          `To run it takes a resident's approval: ${approvals.map(({ device, what }) => `${device} (${what})`).join(", ")}.`,
        ]),
    ...(unsaid.length === 0
      ? []
      : [`Not taken, because their state is not known: ${unsaid.join(", ")}.`]),
  ].join(" ");
};
