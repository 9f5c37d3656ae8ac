import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/command.ts";
import { trackedFiles } from "./tracked-files.ts";

// Each line is planted in a file of its own, in a copy of the tree, and the whole copy is linted once.

/** [the file that it stands in, the line, what refuses it] */
const FORBIDDEN = [
  // The domain imports only itself, and knows no clock, environment, network or chance.
  ["functions/domain/home", `import { readFileSync } from "node:fs";`, "import"],
  ["functions/domain/home", `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";`, "import"],
  ["functions/domain/home", `import { logger } from "#adapters/observed.ts";`, "import"],
  ["functions/domain/run", `import { logger } from "../../adapters/observed.ts";`, "import"],
  ["functions/domain/run", `import type { Stack } from "#local/stack/stack.ts";`, "import"],
  ["functions/domain/run", `export * from "node:path";`, "import"],
  ["functions/domain/run", `export const os = await import("node:os");`, "import"],
  ["functions/domain/access", `import "zod";`, "import"],
  // Where the sun is, one file asks.
  ["functions/domain/schedule/times", `import { Body } from "astronomy-engine";`, "import"],
  ["functions/domain", `import { homeOf } from "../home/handler.ts";`, "import"],
  ["functions/domain", `export const now = Date.now();`, "plugin"],
  ["functions/domain/run", `export const now = new Date();`, "plugin"],
  ["functions/domain/run", `export const chance = Math.random();`, "plugin"],
  ["functions/domain/run", `export const id = crypto.randomUUID();`, "plugin"],
  ["functions/domain/run", `export const stage = process.env.STAGE;`, "global"],
  ["functions/domain/run", `export const page = await fetch("http://localhost");`, "global"],
  ["functions/domain/run", `setTimeout(() => undefined, 1);`, "global"],
  ["functions/domain/run", `export const now = globalThis.Date.now();`, "global"],
  ["functions/domain/run", `export const now = performance.now();`, "global"],
  // The log has one library, which it alone may use.
  ["functions/domain/log", `import { createHash } from "node:crypto";`, "import"],
  ["functions/domain/log", `import { logger } from "#adapters/observed.ts";`, "import"],
  ["functions/domain/log", `export const now = Date.now();`, "plugin"],
  ["functions/domain/log", `export const now = performance.now();`, "global"],
  ["functions/domain/audit", `import canonicalize from "canonicalize";`, "import"],
  // An adapter knows the SDK and the domain.
  ["functions/adapters", `import { Stack } from "aws-cdk-lib";`, "import"],
  ["functions/adapters", `import { handler } from "../home/handler.ts";`, "import"],
  ["functions/adapters", `import { callAws } from "#local/wire/aws-call.ts";`, "import"],
  ["functions/adapters", `import mqtt from "mqtt";`, "import"],
  // A function knows its folder, the domain and adapters.
  ["functions/home", `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";`, "import"],
  ["functions/home", `import { marshall } from "@aws-sdk/util-dynamodb";`, "import"],
  ["functions/home", `import type { AttributeValue } from "@aws-sdk/client-dynamodb";`, "import"],
  ["functions/home", `import { Stack } from "aws-cdk-lib";`, "import"],
  ["functions/home", `import { Construct } from "constructs";`, "import"],
  ["functions/home", `import { handler } from "../conclude-run/handler.ts";`, "import"],
  // No key by hand: a home comes from an access, and keys from adapters.
  ["functions/home", `import { homeKey } from "#domain/home/keys.ts";`, "import"],
  ["functions/home", `export { runKey } from "#domain/home/keys.ts";`, "import"],
  ["functions/conclude-run", `import { parseHomeId } from "#domain/home/home-id.ts";`, "import"],
  ["functions/home", `export const id = await import("#domain/home/home-id.ts");`, "import"],
  ["functions/conclude-run", `import { startStack } from "#local/stack/stack.ts";`, "import"],
  [
    "functions/conclude-run",
    `import { start } from "../../scripts/start/start-home.ts";`,
    "import",
  ],
  // infra/aws declares.
  ["infra/aws", `import { decidePolicy } from "../local/policy/policy.ts";`, "import"],
  ["infra/aws", `import { decidePolicy } from "#local/policy/policy.ts";`, "import"],
  ["infra/aws", `import { startHouse } from "../house/simulated/house.ts";`, "import"],
  ["infra/aws", `import { startHome } from "../../scripts/start/start-home.ts";`, "import"],
  ["infra/aws", `import { handler } from "../../functions/home/handler.ts";`, "import"],
  ["infra/aws", `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";`, "import"],
  // The devices know MQTT and the contract.
  ["infra/house/contract", `import { createFaults } from "#house/simulated/faults.ts";`, "import"],
  ["infra/house/contract", `import { createFaults } from "../simulated/faults.ts";`, "import"],
  ["infra/house/contract", `import Aedes from "aedes";`, "import"],
  ["infra/house/simulated", `import { HomeTable } from "../../aws/tables.ts";`, "import"],
  [
    "infra/house/simulated",
    `import { queryHome } from "../../../functions/adapters/query-home.ts";`,
    "import",
  ],
  ["infra/house/simulated", `import { queryHome } from "#adapters/query-home.ts";`, "import"],
  [
    "infra/house/simulated",
    `import { startHome } from "../../../scripts/start/start-home.ts";`,
    "import",
  ],
  ["infra/house/simulated", `import "aedes";`, "import"],
  ["infra/house/simulated", `import { Stack } from "aws-cdk-lib";`, "import"],
  ["infra/house/simulated", `export type Broker = import("aedes").Aedes;`, "plugin"],
  ["infra/house/simulated", `import { createRequire } from "node:module";`, "import"],
  // A bridge knows its hub, the kernel and the domain; the kernel knows no hub.
  ["infra/bridges/core", `import { openHub } from "#bridges/zigbee2mqtt/hub.ts";`, "import"],
  ["infra/bridges/core", `import { connect } from "mqtt";`, "import"],
  [
    "infra/bridges/zigbee2mqtt",
    `import { openDeviceLink } from "#house/contract/device-link.ts";`,
    "import",
  ],
  ["infra/bridges/zigbee2mqtt", `import { Controller } from "zigbee-herdsman";`, "import"],
  // An emulator knows itself and the hall.
  [
    "infra/local/iot/rules",
    `import { openStore } from "#local/dynamodb/store/store.ts";`,
    "import",
  ],
  ["infra/local/iot/rules", `import { openStore } from "../../dynamodb/store/store.ts";`, "import"],
  [
    "infra/local/iot/rules",
    `import type { Store } from "../../dynamodb/store/store.ts";`,
    "import",
  ],
  ["infra/local/iot", `import { startStack } from "../stack/stack.ts";`, "import"],
  ["infra/local/iot", `import { startStack } from "#local/stack/stack.ts";`, "import"],
  ["infra/local/lambda", `import { startIot } from "../iot/iot.ts";`, "import"],
  [
    "infra/local/gateway/checks",
    `import { parseCaller } from "#domain/access/caller.ts";`,
    "import",
  ],
  ["infra/local/gateway/checks", `import { logger } from "#adapters/observed.ts";`, "import"],
  [
    "infra/local/dynamodb/items",
    `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";`,
    "import",
  ],
  // One file of the Scheduler knows the home's calendar, and no other does.
  [
    "infra/local/scheduler/engine",
    `import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";`,
    "import",
  ],
  ["infra/local/wire", `import { startIot } from "#local/iot/iot.ts";`, "import"],
  ["infra/local/wire", `import { startIot } from "../iot/iot.ts";`, "import"],
  ["infra/local/policy", `import { startIot } from "#local/iot/iot.ts";`, "import"],
  ["infra/local/stack", `import { parseHome } from "#domain/home/home.ts";`, "import"],
  ["infra/local/stack", `import { parseRule } from "../iot/rules/parse-rule.ts";`, "import"],
  [
    "infra/local/stack",
    `import { startHome } from "../../../scripts/start/start-home.ts";`,
    "import",
  ],
] as const;

const LEGAL = [
  ["functions/domain/run", `export { HomeError } from "#domain/home-error.ts";`],
  ["functions/domain/run", `export const at = (ms: number): string => new Date(ms).toISOString();`],
  ["functions/adapters", `export { DynamoDBClient } from "@aws-sdk/client-dynamodb";`],
  ["functions/adapters", `export { HomeError } from "#domain/home-error.ts";`],
  ["functions/adapters", `export { homeKey } from "#domain/home/keys.ts";`],
  ["functions/home", `export { homeOf } from "#domain/access/home-access.ts";`],
  ["functions/home", `export { logger } from "#adapters/observed.ts";`],
  ["functions/home", `export { randomUUID } from "node:crypto";`],
  ["functions/home", `export { setTimeout } from "node:timers/promises";`],
  ["infra/aws", `export { Stack } from "aws-cdk-lib";`],
  ["infra/aws", `export { Key } from "aws-cdk-lib/aws-kms";`],
  ["infra/house/contract", `export { default } from "mqtt";`],
  ["infra/bridges/core", `export { openDeviceLink } from "#house/contract/device-link.ts";`],
  ["infra/bridges/zigbee2mqtt", `export { isHeld } from "#bridges/core/scale.ts";`],
  ["infra/house/simulated", `export { connectDevice } from "#house/contract/device-link.ts";`],
  ["infra/local/iot/rules", `export { callAws } from "#local/wire/aws-call.ts";`],
  ["infra/local/iot/rules", `export { isTopicFilter } from "../messages/topic.ts";`],
  ["infra/local/iot", `export { isTopicFilter } from "./messages/topic.ts";`],
  ["infra/local/stack", `export { startIot } from "../iot/iot.ts";`],
  ["scripts/devices", `export { parseHome } from "#domain/home/home.ts";`],
] as const;

const CIRCLE = {
  "infra/local/iot/shadows/planted-hen.ts": `import type { Egg } from "./planted-egg.ts";\nexport interface Hen {\n  readonly egg: Egg;\n}\n`,
  "infra/local/iot/shadows/planted-egg.ts": `import type { Hen } from "./planted-hen.ts";\nexport interface Egg {\n  readonly hen: Hen;\n}\n`,
};

const CATEGORY = {
  import: "lint/style/noRestrictedImports",
  global: "lint/style/noRestrictedGlobals",
  plugin: "plugin",
} as const;

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

let copy: string;
const foundIn = new Map<string, readonly string[]>();

const forbiddenFile = (index: number): string => `${FORBIDDEN[index]?.[0]}/planted-${index}.ts`;
const legalFile = (index: number): string => `${LEGAL[index]?.[0]}/allowed-${index}.ts`;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "walls-"));
  const write = (file: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  };
  for (const [file, text] of trackedFiles(
    /^(functions|infra|scripts)\/|^[^/]+\.(json|grit)$|^\.gitignore$/,
  )) {
    write(file, text);
  }
  for (const [index, [, line]] of FORBIDDEN.entries()) write(forbiddenFile(index), `${line}\n`);
  for (const [index, [, line]] of LEGAL.entries()) write(legalFile(index), `${line}\n`);
  for (const [file, text] of Object.entries(CIRCLE)) write(file, text);

  const { stdout } = spawnSync(
    join(ROOT, "node_modules", ".bin", "biome"),
    ["lint", "--reporter=json", "--max-diagnostics=none"],
    { cwd: copy, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  for (const { category, location } of diagnostics) {
    foundIn.set(location.path, [...(foundIn.get(location.path) ?? []), category]);
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the linter refuses", () => {
  test.each(FORBIDDEN.map(([room, line, by], index) => ({ room, line, by, index })))(
    "$room ← $line",
    ({ index, by }) => {
      expect(foundIn.get(forbiddenFile(index))).toContain(CATEGORY[by]);
    },
  );

  test("a circle of types", () => {
    expect(
      [...foundIn].filter(([, all]) => all.includes("lint/suspicious/noImportCycles")),
    ).toEqual([
      ["infra/local/iot/shadows/planted-egg.ts", ["lint/suspicious/noImportCycles"]],
      ["infra/local/iot/shadows/planted-hen.ts", ["lint/suspicious/noImportCycles"]],
    ]);
  });
});

describe("the linter lets pass", () => {
  test.each(LEGAL.map(([room, line], index) => ({ room, line, index })))(
    "$room ← $line",
    ({ index }) => {
      expect(foundIn.get(legalFile(index))).toBeUndefined();
    },
  );

  test("everything that is not planted", () => {
    const planted = /\/(planted|allowed)-[\w-]+\.ts$/;

    expect([...foundIn.keys()].filter((file) => !planted.test(file))).toEqual([]);
  });
});
