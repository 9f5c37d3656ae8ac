// What the whole path adds to the devices' own time: from tools/call to its answer, minus the sum over the stages of the
// slowest device's time. Everything is in it: token check, gateway, both interceptors, plan, workflow, MQTT, shadows,
// rule, audit. Prints p50 and p95 over the rounds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { generatedLights } from "#house/simulated/generated-lights.ts";
import { DEFAULT_SEED, seededLatencyMs } from "#house/simulated/latency.ts";
import { connectToHome } from "../../scripts/command/home-client.ts";
import { buildTemplate } from "../../scripts/start/build-template.ts";
import { DEMO_HOME_FILE, startHome } from "../../scripts/start/start-home.ts";

const ROUNDS = 20;
const WARM_UP = 3;

const PLACE = { home: parseHomeId("home"), thingPrefix: "" } as const;

const scratch = mkdtempSync(join(tmpdir(), "bench-"));
const assembly = await buildTemplate(join(scratch, "cdk.out"));

/** A home of so many lights and one scene, `all_off`, that turns them all off in one stage. */
const lightsFile = (count: number): string => {
  const devices = generatedLights(PLACE, count);
  const scene = {
    id: "all_off",
    name: "All off",
    version: 1,
    stages: [
      {
        name: "all off",
        devices: Object.fromEntries(devices.map(({ id }) => [id, { light: { on: false } }])),
      },
    ],
  };
  const file = join(scratch, `lights-${count}.json`);
  writeFileSync(file, JSON.stringify({ devices, scenes: [scene] }));
  return file;
};

/** The sum over the stages of the slowest device's time, in milliseconds. */
const devicesOwnMs = (homeFile: string, sceneId: string): number => {
  const home = parseHome(JSON.parse(readFileSync(homeFile, "utf8")), PLACE);
  const scene = home.scenes.find((one) => one.id === sceneId);
  if (scene === undefined) throw new Error(`no scene ${sceneId}`);
  return planScene(scene, home, []).stages.reduce((sum, stage) => {
    const slowest = stage.commands.map(
      (command) =>
        seededLatencyMs(DEFAULT_SEED, { id: command.device, kind: command.kind }) +
        command.transitionSeconds * 1000,
    );
    return sum + Math.max(...slowest);
  }, 0);
};

const quantile = (sorted: readonly number[], q: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN).toFixed(0);

const measure = async (name: string, homeFile: string, scene: string): Promise<void> => {
  const home = await startHome({
    assembly: async () => assembly,
    data: join(scratch, name.replaceAll(/\W/g, "-")),
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    const client = await connectToHome(home.endpoints);
    const ownMs = devicesOwnMs(homeFile, scene);
    const addedMs: number[] = [];
    for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
      const startedAt = performance.now();
      const answer = await client.callTool("run_scene", { scene });
      const tookMs = performance.now() - startedAt;
      if (answer.result !== "done") throw new Error(`${name}: ${JSON.stringify(answer)}`);
      if (round >= WARM_UP) addedMs.push(tookMs - ownMs);
    }
    addedMs.sort((a, b) => a - b);
    process.stdout.write(
      `${name.padEnd(26)} devices' own ${String(ownMs).padStart(5)} ms   added p50 ${quantile(addedMs, 0.5).padStart(4)} ms   p95 ${quantile(addedMs, 0.95).padStart(4)} ms   (${ROUNDS} rounds)\n`,
    );
    await client.close();
  } finally {
    await home.close();
  }
};

process.stdout.write("Aim: under 25 ms a stage at 10 devices, under 60 ms at 200.\n");
try {
  for (const count of [10, 50, 200]) {
    await measure(`${count} devices, one stage`, lightsFile(count), "all_off");
  }
  await measure("goodnight, three stages", DEMO_HOME_FILE, "goodnight");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
