import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bench, silence, startWitnessedBench, textsOn, wish } from "../witnessed-bench.ts";
import { foreignCertificate } from "./impostors.ts";
import type { Device } from "./secure-bench.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

beforeAll(() => startWitnessedBench());
afterAll(() => bench.close());

/** Makes names that are used once. */
let marks = 0;

const program = (name: string): string | undefined =>
  existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : undefined;
const mosquittoPub = program("mosquitto_pub");
const mosquittoSub = program("mosquitto_sub");

describe.skipIf(mosquittoPub === undefined || mosquittoSub === undefined)(
  "mosquitto's clients (need Debian's mosquitto-clients)",
  () => {
    /** Runs one of them as a device, until it ends by itself. */
    const run = (path: string | undefined, device: Partial<Device>, args: readonly string[]) => {
      const file = (name: string, text: string): string => {
        const path = join(bench.folder, `${device.thing}.${++marks}.${name}`);
        writeFileSync(path, text, { mode: 0o600 });
        return path;
      };
      const child = spawn(
        path ?? "",
        [
          ...["-h", "localhost", "-p", String(bench.tlsPort), "-q", "1", "-i", device.thing ?? ""],
          ...["--cafile", bench.rootCertificateFile],
          ...(device.cert === undefined ? [] : ["--cert", file("pem", device.cert)]),
          ...(device.key === undefined ? [] : ["--key", file("key", device.key)]),
          ...args,
        ],
        { stdio: ["ignore", "pipe", "pipe"] },
      );
      cleanUp.push(() => void child.kill());
      const lines: string[] = [];
      const read = (output: Readable): void => {
        output.setEncoding("utf8");
        output.on("data", (text: string) => lines.push(...text.split("\n")));
      };
      read(child.stdout);
      read(child.stderr);
      const ended = once(child, "close").then(([code]: readonly unknown[]) => code);
      return { child, lines, ended };
    };

    // REQ: own-credentials
    test("connect with a device's certificate, report, and hear what is wanted", async () => {
      const device = await bench.register("mosquitto");
      const shadow = "$aws/things/mosquitto/shadow";

      const reported = run(mosquittoPub, device, [
        ...["-t", `${shadow}/update`, "-m", '{"state":{"reported":{"on":false}}}'],
      ]);
      const code = await reported.ended;
      const hearing = run(mosquittoSub, device, ["-t", `${shadow}/update/delta`, "-C", "1"]);
      // It does not say when it has subscribed.
      const wished = async (): Promise<unknown> => {
        await wish("mosquitto", true);
        return hearing.child.exitCode;
      };
      await expect.poll(wished, { interval: 100, timeout: 10_000 }).toBe(0);
      await hearing.ended;

      expect(code).toBe(0);
      expect(hearing.lines.join("\n")).toContain('"state":{"on":true}');
    });

    test.for<[string, () => Promise<Partial<Device>>, number]>([
      ["without a certificate", async () => ({ thing: "mosquitto_none" }), 7],
      ["with a foreign certificate", () => foreignCertificate("mosquitto_foreign"), 7],
      [
        "with another client id",
        async () => ({ ...(await bench.register("mosquitto_two")), thing: "mosquitto_other" }),
        5,
      ],
    ])("%s are refused", async ([, make, expected]) => {
      const device = await make();

      const sent = run(mosquittoPub, device, [
        ...["-t", "$aws/things/mosquitto/shadow/update", "-m", '{"state":{"desired":{"x":1}}}'],
      ]);

      expect(await sent.ended).toBe(expected);
    });

    test("that reach for another's shadow lose the connection", async () => {
      const device = await bench.register("mosquitto_thief");
      const topic = "$aws/things/mosquitto_else/shadow/update";

      const sent = run(mosquittoPub, device, ["-t", topic, "-m", '{"state":{"desired":{"x":1}}}']);
      const code = await sent.ended;
      const spied = run(mosquittoSub, device, ["-t", "$aws/things/+/shadow/#", "-C", "1"]);

      expect(code).toBe(7);
      expect(await spied.ended).toBe(7);
      await silence();
      expect(textsOn(topic)).toEqual([]);
    });
  },
);
