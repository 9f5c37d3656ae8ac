import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { readHomeRecords } from "./devices/home-records.ts";
import { type Registry, registryOf } from "./devices/registry.ts";
import { assistantScenes } from "./scenes/assistant-scenes.ts";
import { convertScenes } from "./scenes/convert-scenes.ts";
import { type EntityMap, parseMap, proposeMap } from "./scenes/entity-map.ts";
import { exportScenes } from "./scenes/export-scenes.ts";
import { reportLines } from "./scenes/import-report.ts";
import { readYamlSource } from "./scenes/read-yaml-source.ts";
import { writeScene } from "./scenes/write-scene.ts";

const USAGE = `npm run import-scenes -- scenes.yaml [options]

  Takes Home Assistant's scenes over, and reports what became of each entity: imported, partly, or skipped and why. Runs
  nothing. The first time it only writes the map of entities and devices, with proposals, for you to correct.

  --map FILE        the map (default: the scenes' file with .map.yaml)
  --home HOME       of which home (default home)
  --dry-run         report only, save nothing
  --export          the other way: writes the home's scenes to that file, in Home Assistant's form
  --json            the report as JSON
${REGISTRY_USAGE}`;

interface About {
  readonly file: string;
  readonly mapFile: string;
  readonly home: string;
  readonly isDry: boolean;
  readonly isJson: boolean;
}

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Problem(`${file} cannot be read.`, { cause });
  }
};

const mapIn = (file: string): EntityMap => {
  return parseMap(read(file), file);
};

const importFrom = async (registry: Registry, about: About): Promise<number> => {
  const { file, mapFile, isDry, isJson } = about;
  const id = parseHomeId(about.home);
  const home = await readHomeRecords(registry, id);
  const source = readYamlSource(read(file));
  const scenes = assistantScenes(source);
  if (!existsSync(mapFile)) {
    const entities = [...new Set(scenes.flatMap((scene) => Object.keys(scene.entities)))].sort();
    writeFileSync(mapFile, proposeMap(entities, home), { flag: "wx" });
    print(
      `${mapFile} proposes what each of ${entities.length} entities is here. Nothing was imported.`,
    );
    print("Look it through, take away each ? that is right, and give the same command again.");
    return 0;
  }
  const reports = convertScenes(scenes, source, mapIn(mapFile), home);
  let saved = 0;
  for (const { scene } of reports) {
    if (scene === undefined || isDry) continue;
    const before = home.scenes.find((one) => one.id === scene.id);
    if (await writeScene(registry, id, before, scene, "import-scenes")) saved += 1;
  }
  if (isJson) print(JSON.stringify({ saved, scenes: reports }));
  else
    for (const line of [...reportLines(reports), `${saved} saved. Nothing was sent.`]) print(line);
  return 0;
};

const exportTo = async (
  registry: Registry,
  { file, mapFile, home: id }: About,
): Promise<number> => {
  const home = await readHomeRecords(registry, parseHomeId(id));
  const map: EntityMap = existsSync(mapFile) ? mapIn(mapFile) : new Map();
  try {
    writeFileSync(file, exportScenes(home, map), { flag: "wx" });
  } catch (cause) {
    throw new Problem(`${file} cannot be written, or is there already. Nothing was changed.`, {
      cause,
    });
  }
  print(
    `${home.scenes.length} scenes are written to ${file}, without stages, rules and conditions.`,
  );
  return 0;
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      map: { type: "string" },
      home: HOME_OPTION,
      "dry-run": { type: "boolean", default: false },
      export: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Problem(`Give one file.\n\n${USAGE}`);
  const mapFile = values.map ?? `${file.replace(/\.ya?ml$/, "")}.map.yaml`;
  const about = {
    file,
    mapFile,
    home: values.home,
    isDry: values["dry-run"],
    isJson: values.json,
  };
  const registry = await registryOf(values);
  try {
    return values.export ? await exportTo(registry, about) : await importFrom(registry, about);
  } finally {
    registry.close();
  }
});
