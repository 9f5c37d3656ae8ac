import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, expect, test } from "vitest";
import { startTestLambda, type TestLambda } from "./test-lambda.ts";

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "compile cache "));
afterAll(() => rmSync(scratch, { recursive: true }));

let house: TestLambda | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

// Tells where the handler's process keeps what it compiles, and whether the handler can see who told it.
const ASKING = `
import { getCompileCacheDir } from "node:module";
export const handler = async () => [getCompileCacheDir() ?? null, process.env.LOCAL_COMPILE_CACHE ?? null, typeof gc];`;

const startAsking = async (compileCacheDirectory: string, functions = ["asking"]) => {
  house = await startTestLambda(
    Object.fromEntries(functions.map((name) => [name, { code: ASKING, compileCacheDirectory }])),
  );
  return house;
};

const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((name) => statSync(name).isFile());

test("what V8 makes of a function is kept when it is ready, in a folder with a space, and the handler sees nothing of it", async () => {
  const directory = join(scratch, "kept");
  const { invoke } = await startAsking(directory);

  const { payload } = await invoke("asking");

  expect(payload).toEqual([expect.stringContaining(directory), null, "undefined"]);
  await expect.poll(() => filesIn(directory).length).toBeGreaterThan(0);
});

test("a folder that cannot be made is none: the function runs", async () => {
  const { invoke } = await startAsking("/dev/null/cache");

  const { payload } = await invoke("asking");

  expect(payload).toEqual([null, null, "undefined"]);
});

test("many processes at once share a folder, and what was cut off in it harms nobody", async () => {
  const directory = join(scratch, "shared");
  const first = await startAsking(directory, ["one", "two", "three", "four"]);
  const names = ["one", "two", "three", "four"];
  const answers = await Promise.all(names.map((name) => first.invoke(name)));
  await expect.poll(() => filesIn(directory).length).toBeGreaterThanOrEqual(4);
  await first.close();
  for (const file of filesIn(directory)) truncateSync(file, Math.floor(statSync(file).size / 2));

  const { invoke } = await startAsking(directory);
  const again = await invoke("asking");

  expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  expect(again.payload).toEqual([expect.stringContaining(directory), null, "undefined"]);
});

test("a command keeps what it compiles beside the packages, also below a folder with a space, and runs where it cannot", async () => {
  const script = fileURLToPath(
    new URL("../../../scripts/command/compile-cache.mjs", import.meta.url),
  );
  const root = join(scratch, "a checkout");
  mkdirSync(join(root, "scripts", "command"), { recursive: true });
  copyFileSync(script, join(root, "scripts", "command", "compile-cache.mjs"));
  writeFileSync(join(root, "said.mjs"), "console.log('said');");
  const command = () =>
    run(process.execPath, ["--import", "./scripts/command/compile-cache.mjs", "said.mjs"], {
      cwd: root,
    });

  const withoutPackages = await command();
  const kept = filesIn(join(root, "node_modules", ".cache", "node")).length;
  rmSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, "node_modules"), "a file where the folder would be");
  const withoutFolder = await command();

  expect(kept).toBeGreaterThan(0);
  expect([withoutPackages, withoutFolder]).toEqual([
    { stdout: "said\n", stderr: "" },
    { stdout: "said\n", stderr: "" },
  ]);
});
