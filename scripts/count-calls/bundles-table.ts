import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundle } from "#aws/bundle/bundle.ts";
import { grouped, markdownTable } from "../command/markdown-table.ts";

const ROUNDS = 5;

// Only that they are there is looked at while modules are loaded.
const ENVIRONMENT = Object.fromEntries(
  [
    "HOME_TABLE_NAME",
    "AUDIT_TABLE_NAME",
    "RUN_SCENE_STATE_MACHINE_ARN",
    "GATEWAY_NAME",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
  ].map((name) => [name, "any"]),
);

const IMPORT = `
const began = performance.now();
await import(process.argv[1]);
console.log(performance.now() - began);
process.exit();
`;

/** What a cold start of each function loads, and how long that takes a process of this machine, at best. */
export const bundlesTable = (functions: readonly string[]): string => {
  const scratch = mkdtempSync(join(tmpdir(), "bundles-"));
  try {
    return markdownTable(
      [
        "function",
        { number: "KiB at a cold start" },
        { number: "KiB of all" },
        { number: "import" },
      ],
      functions.map((name) => {
        const { files, bytes } = bundle(name);
        const folder = join(scratch, name);
        mkdirSync(folder);
        for (const { path, contents } of files)
          writeFileSync(join(folder, basename(path)), contents);
        const ms = Array.from({ length: ROUNDS }, () => importMs(join(folder, "index.mjs")));
        return [
          `\`${name}\``,
          grouped(bytes.atStart / 1024),
          grouped(bytes.all / 1024),
          `${grouped(Math.min(...ms))} ms`,
        ];
      }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const importMs = (file: string): number =>
  Number(
    execFileSync(process.execPath, ["--input-type=module", "--eval", IMPORT, file], {
      encoding: "utf8",
      env: {
        ...ENVIRONMENT,
        AWS_REGION: "us-east-1",
        THING_PREFIX: "",
        RECORD_RETENTION_DAYS: "400",
      },
    }),
  );
