import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { GetConnectionCommand } from "@aws-sdk/client-iot-data-plane";
import { connect, type MqttClient } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import { anyNumber, anyText } from "./matchers.ts";
import { mqttPackets } from "./mqtt-packets.ts";
import {
  closedOf,
  type IotBench,
  type IotBenchOptions,
  listen,
  parsed,
  startIotBench,
} from "./support.ts";

const run = promisify(execFile);
const MOSQUITTO_SUB = "/usr/bin/mosquitto_sub";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

const start = async (options: IotBenchOptions = {}): Promise<IotBench> => {
  const bench = await startIotBench(options);
  cleanUp.push(bench.close);
  return bench;
};

const connackOf = (client: MqttClient): Promise<unknown> =>
  new Promise((resolve, reject) => {
    client.once("connect", resolve);
    client.once("error", reject);
  });

describe("sessions", () => {
  test("of a client that wants to be remembered keep its subscriptions and what came meanwhile", async () => {
    const bench = await start();
    const device = await bench.connect({ clientId: "remembered", clean: false });
    await device.subscribeAsync("a/+", { qos: 1 });
    await device.endAsync(true);
    const sender = await bench.connect();
    for (const text of ["1", "2", "3"]) await sender.publishAsync("a/b", text, { qos: 1 });
    await sender.publishAsync("a/b", "lost, as it has QoS 0", { qos: 0 });

    const back = connect(bench.iot.mqttUrl, {
      clientId: "remembered",
      clean: false,
      reconnectPeriod: 0,
    });
    cleanUp.push(() => back.endAsync(true));
    const texts: string[] = [];
    back.on("message", (_topic, payload) => texts.push(payload.toString()));
    const connack = await connackOf(back);

    expect(connack).toMatchObject({ sessionPresent: true });
    await expect.poll(() => texts, { timeout: 10_000 }).toEqual(["1", "2", "3"]);
  });

  test("remember no subscription that was refused", async () => {
    const bench = await start();
    const client = await bench.connect({ clientId: "picky", clean: false });
    client.subscribe({ mine: { qos: 1 }, "$share/g/all": { qos: 1 }, two: { qos: 2 } });
    const granted = await new Promise((resolve) => {
      client.once("packetreceive", (packet) => {
        if (packet.cmd === "suback") resolve(packet.granted);
      });
    });
    await client.endAsync();
    const sender = await bench.connect();
    for (const topic of ["all", "two", "mine"]) await sender.publishAsync(topic, "", { qos: 1 });

    const back = await bench.connect({ clientId: "picky", clean: false });
    const heard = await listen(back, "end");
    await sender.publishAsync("end", "", { qos: 1 });
    await heard.next("end");

    expect(granted).toEqual([1, 128, 128]);
    expect(heard.all.map(({ topic }) => topic).filter((topic) => topic !== "mine")).toEqual([
      "end",
    ]);
  });

  test("are forgotten when their time is over", async () => {
    const bench = await start({ sessionExpirySeconds: 0.05 });
    const options = { clientId: "remembered", clean: false, reconnectPeriod: 0 };
    const device = await bench.connect(options);
    await device.subscribeAsync("a/+", { qos: 1 });
    await device.endAsync(true);

    await expect
      .poll(
        async () => {
          const back = connect(bench.iot.mqttUrl, options);
          const connack = await connackOf(back);
          await back.endAsync(true);
          return connack;
        },
        { interval: 100, timeout: 10_000 },
      )
      .toMatchObject({ sessionPresent: false });
  });

  test("with the same client id replace each other", async () => {
    const bench = await start();
    const watcher = await bench.connect();
    const heard = await listen(watcher, "$aws/events/presence/+/twin");
    const first = await bench.connect({ clientId: "twin" });
    const closed = closedOf(first);

    const second = await bench.connect({ clientId: "twin" });
    await closed;

    expect(second.connected).toBe(true);
    const gone = parsed((await heard.next("$aws/events/presence/disconnected/twin")).text);
    expect(gone).toMatchObject({ disconnectReason: "DUPLICATE_CLIENTID", versionNumber: 0 });
    await expect.poll(() => heard.all.length, { timeout: 10_000 }).toBe(3);
    expect(parsed(heard.all.at(-1)?.text ?? "")).toMatchObject({ versionNumber: 1 });
  });

  test("have at most 50 subscriptions", async () => {
    const bench = await start();
    const device = await bench.connect();
    for (let index = 0; index < 50; index++) await device.subscribeAsync(`a/${index}`);

    await expect(device.subscribeAsync("a/50")).rejects.toThrow();
    await device.unsubscribeAsync("a/0");

    await expect(device.subscribeAsync("a/50")).resolves.toHaveLength(1);
  });
});

describe("a connection is refused", () => {
  test("with a client id of 129 bytes", async () => {
    const bench = await start();

    const connected = bench.connect({ clientId: "x".repeat(129) });

    await expect(connected).rejects.toThrow();
    await expect(bench.connect({ clientId: "x".repeat(128) })).resolves.toMatchObject({
      connected: true,
    });
    expect(bench.log).toEqual([
      `mqtt client ${"x".repeat(128)} at 127.0.0.1: refused, a client id has at most 128 bytes`,
    ]);
  });

  test("when it speaks MQTT 5, with MQTT 3.1.1's return code and a line that says why", async () => {
    const bench = await start();
    const five = connect(bench.iot.mqttUrl, {
      clientId: "five",
      protocolVersion: 5,
      reconnectPeriod: 0,
      will: { topic: "a/will", payload: Buffer.from("gone"), qos: 0, retain: false },
    });
    cleanUp.push(() => five.endAsync(true));
    const refusal = await connackOf(five).catch((error: unknown) => error);
    const socket = connectSocket(bench.iot.mqttPort, "127.0.0.1");
    const answered: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => answered.push(chunk));

    // Protocol level 5, a clean start, ten seconds, no properties, the client id "ab\x07".
    socket.write(
      Buffer.from("10100004" + "4d515454" + "05" + "02" + "000a" + "00" + "0003616207", "hex"),
    );
    await once(socket, "close");

    expect(refusal).toMatchObject({ code: 1 });
    expect(Buffer.concat(answered).toString("hex")).toBe("20020001");
    expect(bench.log).toEqual([
      "mqtt client five at 127.0.0.1: refused, MQTT 5; this broker speaks 3.1.1",
      "mqtt client ab\\u{7} at 127.0.0.1: refused, MQTT 5; this broker speaks 3.1.1",
    ]);
  });

  test("when it speaks MQTT 3.1, which AWS does not", async () => {
    const bench = await start();
    const old = connect(bench.iot.mqttUrl, {
      clientId: "old",
      protocolId: "MQIsdp",
      protocolVersion: 3,
      reconnectPeriod: 0,
    });
    cleanUp.push(() => old.endAsync(true));

    await closedOf(old);

    expect(bench.log).toEqual([
      "mqtt client old at 127.0.0.1: refused, MQTT 3.1; AWS speaks 3.1.1 and 5",
    ]);
  });

  test.skipIf(!existsSync(MOSQUITTO_SUB))(
    "as mosquitto_sub is that speaks MQTT 5 (needs Debian's mosquitto-clients)",
    async () => {
      const bench = await start();

      const { stderr } = await run(MOSQUITTO_SUB, [
        ...["-V", "mqttv5", "-p", String(bench.iot.mqttPort), "-i", "mosquitto", "-t", "a"],
      ]).catch((error: { readonly stderr: string }) => error);

      expect(stderr).toContain("Unsupported Protocol Version");
      expect(bench.log).toEqual([
        "mqtt client mosquitto at 127.0.0.1: refused, MQTT 5; this broker speaks 3.1.1",
      ]);
    },
  );

  test("as a shared subscription is, which AWS has and this broker has not", async () => {
    const bench = await start();
    const device = await bench.connect();

    await expect(device.subscribeAsync("$share/group/a")).rejects.toThrow();

    expect(bench.log.join()).toContain("shared subscriptions are not imitated");
  });
});

describe("presence", () => {
  test("tells who came and who went, and why", async () => {
    const bench = await start();
    const watcher = await bench.connect();
    const heard = await listen(watcher, "$aws/events/presence/#");
    const polite = await bench.connect({ clientId: "polite" });
    const rude = await bench.connect({ clientId: "rude" });

    await polite.endAsync();
    rude.stream.destroy();

    const came = parsed((await heard.next("$aws/events/presence/connected/polite")).text);
    expect(came).toEqual({
      clientId: "polite",
      timestamp: anyNumber,
      eventType: "connected",
      sessionIdentifier: anyText,
      principalIdentifier: "polite",
      ipAddress: "127.0.0.1",
      versionNumber: 0,
    });
    const went = parsed((await heard.next("$aws/events/presence/disconnected/polite")).text);
    expect(went).toMatchObject({
      clientInitiatedDisconnect: true,
      disconnectReason: "CLIENT_INITIATED_DISCONNECT",
      sessionIdentifier: came.sessionIdentifier,
    });
    const lost = parsed((await heard.next("$aws/events/presence/disconnected/rude")).text);
    expect(lost).toMatchObject({
      clientInitiatedDisconnect: false,
      disconnectReason: "CONNECTION_LOST",
    });
  });

  test("holds nobody for connected who left while being let in", async () => {
    const bench = await start();
    const ids = Array.from({ length: 60 }, (_each, index) => `fleeting-${index}`);
    const isConnected = async (clientId: string): Promise<boolean> => {
      const known = bench.dataPlane.send(new GetConnectionCommand({ clientId }));
      return (await known.catch(() => ({ connected: false }))).connected ?? false;
    };

    for (const [index, id] of ids.entries()) {
      const socket = connectSocket(bench.iot.mqttPort, "127.0.0.1");
      await once(socket, "connect");
      socket.write(mqttPackets.connect(id));
      for (let turns = index % 10; turns > 0; turns--) await nextTurn();
      socket.destroy();
    }

    const connected = async (): Promise<readonly string[]> => {
      const answers = await Promise.all(ids.map(isConnected));
      return ids.filter((_id, index) => answers[index]);
    };
    await expect.poll(connected, { timeout: 5000 }).toEqual([]);
  });

  test("notices a client that is silent for one and a half times its keep-alive", async () => {
    const bench = await start();
    const watcher = await bench.connect();
    const heard = await listen(watcher, "$aws/events/presence/disconnected/silent");
    const { port } = new URL(bench.iot.mqttUrl);
    const socket = connectSocket(Number(port), "127.0.0.1");
    cleanUp.push(() => void socket.destroy());

    // CONNECT, MQTT 3.1.1, clean, keep-alive 1 s, client id "silent"; then nothing.
    socket.write(Buffer.from("101200044d5154540402000100067369 6c656e74".replace(" ", ""), "hex"));

    const event = parsed((await heard.next("$aws/events/presence/disconnected/silent")).text);
    expect(event).toMatchObject({ disconnectReason: "MQTT_KEEP_ALIVE_TIMEOUT" });
  });
});
