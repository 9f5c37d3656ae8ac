import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterEach, expect, inject, test } from "vitest";
import { type Endpoints, readEndpoints } from "../../../scripts/command/endpoints.ts";
import { ROOT, runScript } from "../../support/command.ts";

const PORTS = ["gateway", "cognito", "aws", "mqtt"].flatMap((name) => [`--${name}-port`, "0"]);
// An address of this machine that nobody means by "localhost": what answers there, answers the network too.
const ELSEWHERE = "127.0.0.2";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

const folder = (): string => {
  const data = mkdtempSync(join(tmpdir(), "house-"));
  cleanUp.push(() => rmSync(data, { recursive: true, force: true }));
  cpSync(inject("assembly"), join(data, "cdk.out"), { recursive: true });
  return data;
};

const startHouse = async (...options: readonly string[]): Promise<Endpoints> => {
  const data = folder();
  const args = [join(ROOT, "scripts", "start.ts"), "--quiet", "--data", data, ...PORTS, ...options];
  const child: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, stdio: "ignore" });
  cleanUp.push(async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  });
  await expect.poll(() => readEndpoints(data), { timeout: 40_000 }).toBeDefined();
  const endpoints = readEndpoints(data);
  if (endpoints === undefined) throw new Error("the house went away");
  return endpoints;
};

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTcp(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

const portsOf = ({ gateway, cognito, aws, mqtt }: Endpoints): readonly number[] =>
  [gateway.url, cognito.domain, aws.endpoint, mqtt.url].map((url) => Number(new URL(url).port));

// REQ: loopback-only
test("with --lan one port more answers there, and lets nobody in without a certificate of the house", async () => {
  const endpoints = await startHouse("--lan", "--mqtt-tls-port", "0");
  const tls = Number(new URL(endpoints.mqtt.tlsUrl ?? "").port);

  const elsewhere = await Promise.all(
    [...portsOf(endpoints), tls].map((port) => answers(ELSEWHERE, port)),
  );
  // TLS 1.3 lets a client believe in the connection until the server has looked at its certificate.
  const stranger = connectTls({ host: ELSEWHERE, port: tls, rejectUnauthorized: false });
  const [refusal] = (await once(stranger, "error")) as [NodeJS.ErrnoException];

  expect(elsewhere).toEqual([false, false, false, false, true]);
  expect(refusal.code).toMatch(/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|ECONNRESET/);
});

// REQ: start-refused-in-one-line
test.each([
  ["--mqtt-tls-port", "MQTT over TLS", ["--lan"]],
  ["--mqtt-port", "MQTT", []],
])("what %s names is in use: one line says so, and the house ends", async (option, what, more) => {
  const blocker = createServer().listen(0, option === "--mqtt-port" ? "127.0.0.1" : undefined);
  await once(blocker, "listening");
  cleanUp.push(() => {
    blocker.close();
  });
  const { port } = blocker.address() as { port: number };

  const refused = await runScript("start.ts", [
    ...["--once", "--data", folder(), ...PORTS, ...more, option, String(port)],
  ]);

  expect(refused.code).toBe(2);
  expect(refused.output.trim().split("\n").at(-1)).toBe(
    `Port ${port} (${what}) is in use. Stop what uses it, or choose another with ${option} PORT.`,
  );
});
