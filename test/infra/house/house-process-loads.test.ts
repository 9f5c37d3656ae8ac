import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** The modules of the X-Ray SDK that a process has loaded after importing a file of the project. */
const xrayModulesAfter = (file: string): number => {
  const program = `
    const { createRequire } = await import("node:module");
    await import(${JSON.stringify(join(ROOT, file))});
    const { cache } = createRequire(${JSON.stringify(join(ROOT, "package.json"))});
    console.log(Object.keys(cache).filter((name) => name.includes("aws-xray-sdk")).length);
  `;
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
    }),
  );
};

// It hooks every promise of the process: 200 devices then take a third longer.
test("neither the process of the house nor a function that traces loads the X-Ray SDK", () => {
  const house = xrayModulesAfter("scripts/start/start-home.ts");
  const traced = xrayModulesAfter("functions/adapters/observed.ts");

  expect(house).toBe(0);
  expect(traced).toBe(0);
});
