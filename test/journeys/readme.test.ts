import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Ended, ROOT, runLine } from "../support/command.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { readmeBlock, readmeLine } from "../support/readme.ts";

const hasMosquitto = existsSync("/usr/bin/mosquitto_sub");
const hasAwsCli = existsSync("/usr/bin/aws");

let house: Journey;
let scratch: string;
let listener: ChildProcess | undefined;

beforeAll(async () => {
  house = await startJourney();
  scratch = mkdtempSync(join(tmpdir(), "readme-"));
  symlinkSync(join(ROOT, "node_modules"), join(scratch, "node_modules"));
});
afterEach(async () => {
  if (listener === undefined || listener.exitCode !== null) return;
  const ended = once(listener, "exit");
  listener.kill();
  await ended;
});
afterAll(async () => {
  await house?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** What the README's export lines put into the environment, and Debian's programs before others of their names. */
const environment = (): Readonly<Record<string, string>> => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_PAGER: "",
    PATH: `/usr/bin:${process.env.PATH ?? ""}`,
  };
};

/** A line as it is printed, but for the port, which a test must not choose. */
const here = (line: string): string =>
  line.replace("-p 1883", `-p ${new URL(house.home.endpoints.mqtt.url).port}`);

const run = (line: string): Promise<Ended> =>
  runLine(`cd ${scratch} && ${here(line)}`, environment());

describe("as the README prints them", () => {
  const pub = readmeLine("mosquitto_pub -p 1883");
  const get = readmeLine('aws --endpoint-url "$AWS_ENDPOINT_URL" iot-data get-thing-shadow');
  const publish = readmeLine('aws --endpoint-url "$AWS_ENDPOINT_URL" iot-data publish');

  // REQ: foreign-clients
  test.skipIf(!hasMosquitto)(
    "mosquitto_sub hears what mosquitto_pub asked of a shadow (needs Debian's mosquitto-clients)",
    async () => {
      listener = spawn("sh", ["-c", `exec ${here(readmeLine("mosquitto_sub -p 1883 -v -q 1"))}`], {
        env: { ...process.env, ...environment() },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let heard = "";
      listener.stdout?.on("data", (chunk: Buffer) => {
        heard += chunk.toString("utf8");
      });

      // It says nothing of having subscribed; the same wish again is accepted again.
      await expect
        .poll(
          async () => {
            await run(pub);
            return heard;
          },
          { timeout: 15_000 },
        )
        .toContain("/shadow/update/delta");

      const lines = heard.trim().split("\n");
      const delta = lines.find((line) => line.startsWith("$aws/things/lamp/shadow/update/delta "));
      expect(JSON.parse(delta?.replace(/^\S+ /, "") ?? "")).toMatchObject({ state: { on: true } });
      expect(lines.map((line) => line.split(" ")[0])).toEqual(
        expect.arrayContaining([
          "$aws/things/lamp/shadow/update/accepted",
          "$aws/things/lamp/shadow/update/documents",
        ]),
      );
    },
  );

  // REQ: foreign-clients
  test.skipIf(!hasAwsCli)(
    "the AWS CLI reports for a shadow and reads it (needs Debian's awscli)",
    async () => {
      const published = await run(publish);
      const read = await run(get);

      expect(published.code, published.output).toBe(0);
      expect(read.code, read.output).toBe(0);
      expect(JSON.parse(read.output)).toMatchObject({ state: { reported: { on: true } } });
    },
  );

  // REQ: foreign-clients
  test("the SDK's data plane client reads it", async () => {
    writeFileSync(join(scratch, "shadow.mjs"), readmeBlock("// shadow.mjs"));
    const reporter = await connectAsync(house.home.endpoints.mqtt.url);
    await reporter.publishAsync(
      "$aws/things/lamp/shadow/update",
      '{"state":{"reported":{"on":true}}}',
      { qos: 1 },
    );
    await reporter.endAsync();

    const read = await run(`${process.execPath} shadow.mjs`);

    expect(read.code, read.output).toBe(0);
    expect(JSON.parse(read.output)).toMatchObject({ state: { reported: { on: true } } });
  });

  test.skipIf(!hasAwsCli)("the AWS CLI scans the audit table (needs Debian's awscli)", async () => {
    await house.client.callTool("run_scene", { scene: "movie night" });
    const table = house.home.endpoints.aws.tables.audit;
    const line = readmeLine("aws dynamodb scan").replace(/\$\(node .*\)/, table);

    // This CLI is older than the variable that the README's line relies on, as the README says.
    const scanned = await run(line.replace("aws ", 'aws --endpoint-url "$AWS_ENDPOINT_URL" '));

    expect(scanned.code, scanned.output).toBe(0);
    const { Items } = JSON.parse(scanned.output) as { Items: readonly unknown[] };
    expect(Items.length).toBeGreaterThan(6);
  });
});
