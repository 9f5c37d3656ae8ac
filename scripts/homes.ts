import { parseArgs } from "node:util";
import { type HomeId, parseHomeId } from "#domain/home/home-id.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { isName } from "#domain/home/is-name.ts";
import { shown } from "#domain/printable.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { recordChange } from "./devices/change-item.ts";
import { type Registry, registryOf } from "./devices/registry.ts";
import { findHome, listHomes } from "./homes/directory.ts";
import { type HomeSettings, putSettings } from "./homes/home-settings.ts";
import { type Member, membersOf } from "./homes/members.ts";
import { shownMoment } from "./homes/moments.ts";

const USAGE = `npm run homes [-- HOME] [options]

  Every home of the stack, deleted ones marked; or one home, by its id, and who belongs to it: the role, what they call
  it, until when and why. Who looks after every home (add-user --all) is a member of none.

  --mode MODE     of one home: its mode from now on, for the conditions of scenes, e.g. away
  --approves-own yes|no
                  of one home: may who asked for something that lets somebody in approve it at once (without: after ten
                  seconds, and asked again)
  --json          the same as JSON
${REGISTRY_USAGE}`;

const homeLine = ({ home, name, timeZone, state, createdAt, mode }: HomeMeta): string =>
  `${home}  ${name}  ${timeZone}  since ${createdAt.slice(0, 10)}${mode === undefined ? "" : `  mode ${mode}`}${state === "deleted" ? "  deleted" : ""}`;

const parseHomeSettings = (values: {
  readonly mode?: string | undefined;
  readonly "approves-own"?: string | undefined;
}): HomeSettings => {
  const { mode, "approves-own": approves } = values;
  if (mode !== undefined && !isName(mode)) {
    throw new Problem(
      `--mode must be a text of 1 to 64 characters, such as away, not ${shown(mode)}. Nothing was changed.`,
    );
  }
  if (approves !== undefined && approves !== "yes" && approves !== "no") {
    throw new Problem(
      `--approves-own must be yes or no, not ${shown(approves)}. Nothing was changed.`,
    );
  }
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(approves === undefined ? {} : { approvesOwn: approves === "yes" }),
  };
};

const change = async (registry: Registry, home: HomeId, given: HomeSettings): Promise<void> => {
  const meta = await findHome(registry, home);
  if (meta === undefined || meta.state === "deleted") {
    throw new Problem(
      `There is no home "${home}" any more, or never was. List them with npm run homes. Nothing was changed.`,
    );
  }
  await recordChange(registry, {
    home,
    change: "home-changed",
    subject: home,
    details: given,
    command: "homes",
  });
  await putSettings(registry, home, given);
};

const memberLine = (member: Member, timeZone: string, nowMs: number): string => {
  const { who, role, name, expiresAtEpochSeconds: until, reason } = member;
  const isOver = until !== undefined && until * 1000 <= nowMs;
  return [
    `  ${who}  ${role}  calls it ${JSON.stringify(name)}`,
    ...(until === undefined
      ? []
      : [`until ${shownMoment(until, timeZone)}${isOver ? " (over)" : ""}`]),
    ...(reason === undefined ? [] : [`because ${JSON.stringify(reason)}`]),
  ].join("  ");
};

const showHome = async (registry: Registry, home: HomeId, isJson: boolean): Promise<void> => {
  const meta = await findHome(registry, home);
  if (meta === undefined) {
    throw new Problem(`There is no home "${home}". List them with npm run homes.`);
  }
  const found = await membersOf(registry, home);
  const members = found.toSorted((one, other) => one.who.localeCompare(other.who, "en"));
  if (isJson) {
    print(JSON.stringify({ ...meta, members }));
    return;
  }
  print(homeLine(meta));
  for (const member of members) print(memberLine(member, meta.timeZone, Date.now()));
  if (members.length === 0) print("  Nobody belongs to it.");
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      json: { type: "boolean", default: false },
      mode: { type: "string" },
      "approves-own": { type: "string" },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [wanted, ...more] = positionals;
  if (more.length > 0) throw new Problem(`Name one home, or none.\n\n${USAGE}`);
  const home = wanted === undefined ? undefined : parseHomeId(wanted);
  const given = parseHomeSettings(values);
  const isChange = Object.keys(given).length > 0;
  if (home === undefined && isChange) {
    throw new Problem(`Name the home that is to change. Nothing was changed.\n\n${USAGE}`);
  }
  const registry = await registryOf(values);
  try {
    if (home !== undefined) {
      if (isChange) await change(registry, home, given);
      await showHome(registry, home, values.json);
      return 0;
    }
    const homes = await listHomes(registry);
    if (values.json) print(JSON.stringify(homes));
    else if (homes.length === 0) print("There is no home yet: npm run add-home -- NAME");
    else for (const each of homes) print(homeLine(each));
    return 0;
  } finally {
    registry.close();
  }
});
