import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { join } from "node:path";
import type { MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startIot } from "#local/iot/iot.ts";
import { containing } from "../matchers.ts";
import { mqttPackets } from "../mqtt-packets.ts";
import { closedOf, scratchDirectory, startIotBench } from "../support.ts";
import { type SecureBench, startSecureBench } from "./secure-bench.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

let bench: SecureBench;
/** Connected on the loopback port, where nobody needs a certificate. */
let witness: MqttClient;
/** Whoever knocks and then says nothing, from the start on. */
let silent: readonly Socket[];
let silentAreGone: Promise<unknown>;

const knock = (port: number, bytes = ""): Socket => {
  const socket = connectSocket(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  socket.write(Buffer.from(bytes, "hex"));
  return socket;
};

beforeAll(async () => {
  bench = await startSecureBench();
  // Nothing at all, and the first bytes of a ClientHello.
  silent = ["", "16030100c8010000c40303"].map((bytes) => knock(bench.tlsPort, bytes));
  silentAreGone = Promise.all(silent.map(closedOf));
  witness = await bench.connect({ clientId: "witness" });
});
afterAll(() => bench.close());

describe("the TLS port", () => {
  test.for([
    ["plain HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
    ["plain MQTT", mqttPackets.connect("witness")],
    [
      "a WebSocket's upgrade",
      Buffer.from(
        "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
      ),
    ],
    ["a ClientHello of 16 MB", Buffer.from(`1603014000${"01ffffff".padEnd(32_768, "0")}`, "hex")],
  ] as const)("is no place for %s", async ([, bytes]) => {
    const socket = connectSocket(bench.tlsPort, "127.0.0.1");
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));
    socket.on("error", () => {});
    const closed = closedOf(socket);

    socket.write(bytes);
    await closed;

    // At most an alert of TLS.
    const answer = Buffer.concat(received);
    expect(answer.length).toBeLessThanOrEqual(7);
    expect([undefined, 0x15]).toContain(answer[0]);
    await witness.publishAsync("still/here", "", { qos: 1 });
    expect(witness.connected).toBe(true);
  });

  // REQ: loopback-only
  test("is not there unless it is asked for, and nothing else is beyond the loopback interface", async () => {
    const closedHouse = await startIotBench();
    cleanUp.push(closedHouse.close);
    const beyond = (port: number | string): Promise<unknown> =>
      once(connectSocket(Number(port), "127.0.0.2"), "connect");

    expect(closedHouse.iot.mqttTlsPort).toBeUndefined();
    for (const port of [closedHouse.iot.mqttPort, new URL(closedHouse.endpoint).port]) {
      await expect(beyond(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  test("is where it was asked for, and the loopback port stays where it was", async () => {
    const open = await startSecureBench({
      mqtt: { kind: "embedded", port: 0, tls: { port: 0, host: "127.0.0.2" } },
    });
    cleanUp.push(open.close);
    const device = await open.register("far");

    const client = await open.signIn(device, { host: "127.0.0.2", servername: "localhost" });
    const local = await open.connect();

    expect([client.connected, local.connected]).toEqual([true, true]);
    const [onLoopback, beyond] = [
      connectSocket(open.tlsPort, "127.0.0.1"),
      connectSocket(open.iot.mqttPort, "127.0.0.2"),
    ];
    await expect(once(onLoopback, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(once(beyond, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("in use is one clear error that names the option, and the other port is let go", async () => {
    const scratch = scratchDirectory();
    cleanUp.push(scratch.remove);
    const probe = await startIotBench();
    const { mqttPort } = probe.iot;
    await probe.close();

    const second = startIot({
      file: ":memory:",
      mqtt: {
        kind: "embedded",
        port: mqttPort,
        tls: { port: bench.tlsPort, host: "127.0.0.1" },
      },
      authority: { key: join(scratch.path, "key"), certificate: join(scratch.path, "pem") },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
    });

    await expect(second).rejects.toMatchObject({
      code: "PortInUse",
      message: containing("--mqtt-tls-port"),
    });
    const socket = connectSocket(mqttPort, "127.0.0.1");
    await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  // The handshake has ten seconds: with one that holds up the end this would fail.
  test("is closed with everything on it, and with handshakes that are not done", {
    timeout: 8000,
  }, async () => {
    const open = await startSecureBench();
    cleanUp.push(open.close);
    const client = await open.signIn(await open.register("last"));
    const waiting = knock(open.tlsPort);
    await once(waiting, "connect");
    const closed = Promise.all([closedOf(client), closedOf(waiting)]);

    await open.iot.close();
    await open.iot.close();

    await closed;
    const socket = connectSocket(open.tlsPort, "127.0.0.1");
    await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("cuts off a handshake that never ends", async () => {
    await silentAreGone;

    expect(silent.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});
