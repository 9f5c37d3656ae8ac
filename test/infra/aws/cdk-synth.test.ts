import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { FileSystem } from "aws-cdk-lib";
import recommended from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synthesize } from "#aws/synthesize.ts";
import cdk from "../../../cdk.json" with { type: "json" };

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "smarthome-cdk-"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const templateIn = (directory: string): string =>
  readFileSync(join(scratch, directory, "SmarthomeScenes.template.json"), "utf8");

const keysOf = (template: string): readonly string[] =>
  [...template.matchAll(/"S3Key": "([0-9a-f]{64})\.zip"/g)].flatMap(([, key]) => key ?? []);

// Every way out of the process: a socket, a name to look up, and fetch, which has its own.
const NO_NETWORK = `data:text/javascript,
  import dns from "node:dns";
  import net from "node:net";
  import { syncBuiltinESMExports } from "node:module";
  const refuse = () => { console.error("NETWORK"); process.exit(70); };
  net.Socket.prototype.connect = refuse;
  net.connect = net.createConnection = dns.lookup = dns.promises.lookup = globalThis.fetch = refuse;
  syncBuiltinESMExports();`;

describe("node infra/app.ts", () => {
  // REQ: synthesizes-offline
  test("writes templates and bundles with no network, no credentials, no home, nothing in its environment", async () => {
    const outdir = join(scratch, "bare");

    await run(process.execPath, ["--import", NO_NETWORK, "infra/app.ts"], {
      cwd: root,
      env: { CDK_OUTDIR: outdir, TMPDIR: scratch },
    });

    const keys = keysOf(templateIn("bare"));
    expect(keys.length).toBe(13);
    for (const key of keys) {
      const files = readdirSync(join(outdir, `asset.${key}`));
      // Beside the entrance what is loaded when it is first needed, each named by its content.
      const modules = files.filter((file) => /^(index|[\w-]+-[0-9A-Z]{8})\.mjs$/.test(file));
      expect(modules).toContain("index.mjs");
      expect(files.sort()).toEqual(modules.flatMap((file) => [file, `${file}.map`]).sort());
    }
    expect(existsSync(join(root, "cdk.context.json"))).toBe(false);
  }, 60_000);

  test("writes the same again, byte for byte, whoever asks, also where it was thrown away", () => {
    const outdir = join(scratch, "deep", "er", "again");
    synthesize(outdir, {}, { validate: false });
    rmSync(outdir, { recursive: true });

    synthesize(outdir, {}, { validate: false });

    expect(templateIn("deep/er/again")).toBe(templateIn("bare"));
    expect(readdirSync(outdir).filter((name) => name.startsWith("asset.")).length).toBe(13);
  }, 60_000);

  test("names each bundle by its content, so that a change in what it imports is deployed", () => {
    const outdir = join(scratch, "deep", "er", "again");
    const keys = keysOf(templateIn("deep/er/again"));

    const contents = keys.map((key) => FileSystem.fingerprint(join(outdir, `asset.${key}`)));

    expect(contents).toEqual(keys);
  });

  test("bundles everything that a function imports, and no path of this machine", () => {
    const outdir = join(scratch, "deep", "er", "again");
    const bundles = keysOf(templateIn("deep/er/again")).map((key) =>
      join(outdir, `asset.${key}`, "index.mjs"),
    );

    const { metafile } = buildSync({
      entryPoints: bundles,
      outdir: join(scratch, "read"),
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
      logLevel: "silent",
    });

    const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind !== "dynamic-import").map(({ path }) => path),
    );
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
    const texts = bundles
      .map(dirname)
      .flatMap((folder) =>
        readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")),
      );
    expect(texts.filter((text) => text.includes(root.slice(1))).length).toBe(0);
  });
});

describe("synthesize", () => {
  test("without bundles gives the same template but for the keys of the code", () => {
    synthesize(join(scratch, "unbundled"), {}, { bundle: false, validate: false });

    const withoutKeys = (template: string) =>
      template.replaceAll(/"S3Key": "[0-9a-f]{64}\.zip"/g, '"S3Key": ""');
    expect(withoutKeys(templateIn("unbundled"))).toBe(withoutKeys(templateIn("bare")));
    expect(readdirSync(join(scratch, "unbundled")).filter((name) => /^asset/.test(name))).toEqual(
      [],
    );
  });
});

describe("cdk.json", () => {
  test("has every feature flag that this version of CDK recommends, and no other", () => {
    expect(cdk.context).toEqual(recommended);
  });

  /** What the cdk command says the app's stacks are. */
  const listStacks = (outdir: string, ...options: readonly string[]) =>
    run(
      process.execPath,
      [
        join(root, "node_modules", "aws-cdk", "bin", "cdk"),
        "list",
        "--no-notices",
        "--output",
        outdir,
        ...options,
      ],
      {
        cwd: root,
        env: {
          PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
          HOME: scratch,
          CI: "true",
          CDK_DISABLE_CLI_TELEMETRY: "true",
          CDK_VALIDATION: "false",
        },
      },
    );

  test("lets the cdk command read the app, with the same template", async () => {
    const { stdout } = await listStacks(join(scratch, "cli"));

    expect(stdout.trim()).toBe("SmarthomeScenes");
    expect(templateIn("cli")).toBe(templateIn("unbundled"));
  }, 60_000);

  test("starts the app with the pinned Node.js where the machine's own reads no TypeScript", async () => {
    const folder = join(scratch, "older-node");
    mkdirSync(folder);
    // As Node 20 does, where a global cdk would run in it.
    writeFileSync(
      join(folder, "node"),
      `#!/bin/sh\ncase "$1" in *.ts) echo ERR_UNKNOWN_FILE_EXTENSION >&2; exit 1;; esac\nexec "${process.execPath}" "$@"\n`,
      { mode: 0o755 },
    );
    const env = {
      PATH: `${folder}:/usr/local/bin:/usr/bin:/bin`,
      HOME: scratch,
      CDK_OUTDIR: join(scratch, "by-older"),
      CDK_VALIDATION: "false",
    };

    await run("sh", ["-c", cdk.app], { cwd: root, env });

    await expect(run("node", ["infra/app.ts"], { cwd: root, env })).rejects.toThrow(
      "ERR_UNKNOWN_FILE_EXTENSION",
    );
    expect(templateIn("by-older")).toBe(templateIn("bare"));
  }, 60_000);

  test("lets the cdk command name a stage", async () => {
    const { stdout } = await listStacks(join(scratch, "dev"), "-c", "stage=dev");

    expect(stdout.trim()).toBe("SmarthomeScenes-dev");
  }, 60_000);

  test("lets the cdk command say what is no stage", async () => {
    const listed = listStacks(join(scratch, "none"), "-c", "stage=Dev");

    await expect(listed).rejects.toThrow('"Dev" is no stage');
  }, 60_000);
});
