import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { assemblyWithout } from "../support/assembly-without.ts";
import { runScript } from "../support/command.ts";
import { startJourney } from "../support/journey.ts";
import { firingsOf, inSeconds, makeSchedule } from "../support/schedule-firings.ts";

// Nobody listens there: it is above the ports that a system hands out by itself.
const NOWHERE = "http://127.0.0.1:65533";

const scratch = (name: string): string => {
  const directory = mkdtempSync(join(tmpdir(), name));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** A cloud assembly in which start-scheduled-scene finds nobody under an address. */
const assemblyWithoutWay = (variable: "TOKEN_URL" | "GATEWAY_URL"): string => {
  const assembly = scratch("assembly-");
  cpSync(inject("assembly"), assembly, { recursive: true });
  const file = join(assembly, "SmarthomeScenes.template.json");
  const template = JSON.parse(readFileSync(file, "utf8")) as {
    readonly Resources: Readonly<
      Record<
        string,
        { readonly Properties?: { Environment?: { Variables?: Record<string, unknown> } } }
      >
    >;
  };
  for (const { Properties } of Object.values(template.Resources)) {
    const variables = Properties?.Environment?.Variables;
    if (variables?.[variable] !== undefined) variables[variable] = NOWHERE;
  }
  writeFileSync(file, JSON.stringify(template));
  return assembly;
};

const deadLettersOf = async (data: string): Promise<readonly unknown[]> => {
  const { output } = await runScript("schedule.ts", ["list", "--data", data, "--json"]);
  return (JSON.parse(output) as { readonly deadLetters: readonly unknown[] }).deadLetters;
};

// REQ: schedule-kept
test.for<readonly [string, () => string, string]>([
  ["sign-in is down", () => assemblyWithoutWay("TOKEN_URL"), "SignInFailed"],
  ["the gateway is down", () => assemblyWithoutWay("GATEWAY_URL"), "GatewayFailed"],
  [
    "the workflow fails",
    () => assemblyWithout({ leaveOutGrants: ["run-scene may put audit records"] }),
    "RunFailed",
  ],
])(
  "while %s a firing is tried three times and then kept; once it is up again it is run from there",
  async ([, broken, code]) => {
    const data = scratch("house-");
    const down = await startJourney({ data, assembly: broken(), eventRetryDelaysMs: [100, 100] });
    try {
      await makeSchedule(down, { schedule: "Film", scene: "movie_night", when: inSeconds(5) });

      await expect
        .poll(() => deadLettersOf(data), { timeout: 120_000, interval: 500 })
        .toMatchObject([{ from: "function", home: "home", schedule: "film", version: 1 }]);

      const attempts = (await firingsOf(down, "film")).map((firing) => [firing.kind, firing.code]);
      expect(attempts).toEqual([
        ["failed", code],
        ["failed", code],
        ["failed", code],
      ]);
    } finally {
      await down.close();
    }

    const up = await startJourney({ data });
    onTestFinished(() => up.close());
    const ranNow = await runScript("schedule.ts", ["run-now", "Film", "--data", data]);

    expect(ranNow.code, ranNow.output).toBe(0);
    expect(ranNow.output).toContain("done");
    expect(await deadLettersOf(data)).toEqual([]);
    expect((await firingsOf(up, "film")).at(-1)).toMatchObject({ kind: "fired", byHand: true });
  },
);
