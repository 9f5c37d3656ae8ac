import { describe, expect, test } from "vitest";
import { runScript } from "../../support/command.ts";

describe.concurrent("what a deployment's commands refuse", () => {
  test.each<[string, string, readonly string[], string]>([
    [
      "an empty house that is to run once",
      "start.ts",
      ["--empty", "--once"],
      "--empty has no home",
    ],
    ["a home file for no house", "seed-home.ts", ["x.json"], "mean the stack in your AWS account"],
    ["connections of no house", "show-connection.ts", [], "mean the stack in your AWS account"],
    ["a house as a stack to destroy", "destroy-home.ts", [], "give --aws"],
    ["a region without an account", "logs.ts", ["--region", "x"], "--region goes with --aws."],
    [
      "a house's endpoint in the environment",
      "scene.ts",
      ["goodnight", "--aws"],
      "AWS_ENDPOINT_URL is http://localhost:1, a house on this machine and not AWS.",
    ],
  ])("%s is told in a line, and the exit code is 2", async (_, script, args, told) => {
    const ended = await runScript(script, [...args, "--data", "/nowhere"], {
      AWS_ENDPOINT_URL: "http://localhost:1",
    });

    expect(ended.output).toContain(told);
    expect(ended.output).not.toMatch(/^ +at /m);
    expect(ended.code).toBe(2);
  });
});
