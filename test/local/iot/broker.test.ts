import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { connect, connectAsync, type MqttClient } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { startIot } from "#local/iot/iot.ts";
import { anyNumber, anyText, containing } from "./matchers.ts";
import {
  type IotBench,
  type IotBenchOptions,
  listen,
  parsed,
  scratchDirectory,
  startIotBench,
} from "./support.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

const start = async (options: IotBenchOptions = {}): Promise<IotBench> => {
  const bench = await startIotBench(options);
  cleanUp.push(bench.close);
  return bench;
};

const closedOf = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.once("close", () => resolve());
  });

const connackOf = (client: MqttClient): Promise<unknown> =>
  new Promise((resolve, reject) => {
    client.once("connect", resolve);
    client.once("error", reject);
  });

describe("messages", () => {
  test("of QoS 0 and 1 all reach a subscriber, each kind in the order it was published", async () => {
    const bench = await start();
    const [device, backend] = [await bench.connect(), await bench.connect()];
    const heard = await listen(backend, ["a/+", "end"]);

    for (let index = 0; index < 100; index++) {
      device.publish(`a/${index % 3}`, String(index), { qos: index % 2 === 0 ? 1 : 0 });
    }
    await device.publishAsync("end", "", { qos: 1 });
    await heard.next("end");

    const order = (qos: number): readonly number[] =>
      heard.all
        .filter((each) => each.topic !== "end" && each.qos === qos)
        .map(({ text }) => Number(text));
    expect(order(1)).toEqual(Array.from({ length: 50 }, (_each, index) => index * 2));
    expect(order(0)).toEqual(Array.from({ length: 50 }, (_each, index) => index * 2 + 1));
  });

  test("of QoS 2 are refused, and a subscription to them is not granted", async () => {
    const bench = await start();
    const publisher = await bench.connect({ clientId: "publisher" });
    const subscriber = await bench.connect();
    const closed = closedOf(publisher);

    publisher.publish("a", "x", { qos: 2 });
    await closed;
    const [grant] = await subscriber
      .subscribeAsync("a", { qos: 2 })
      .catch((error: unknown) => [error]);

    expect(bench.log.join()).toContain("AWS IoT has no QoS 2");
    expect(String(grant)).not.toContain("granted");
    expect(subscriber.connected).toBe(true);
  });

  test.for([
    ["a topic of 257 bytes", "x".repeat(257), "x"],
    ["a topic with eight slashes", "a/b/c/d/e/f/g/h/i", "x"],
    ["a payload of more than 128 KB", "a", "x".repeat(128 * 1024 + 1)],
    ["a packet of a megabyte", "a", "x".repeat(1024 * 1024)],
    ["a response topic of the shadow service", "$aws/things/lamp/shadow/update/accepted", "{}"],
    ["a delta of its own making", "$aws/things/lamp/shadow/name/n/update/delta", "{}"],
    ["a topic that AWS keeps to itself", "$aws/events/presence/connected/me", "{}"],
    ["a topic of the broker", "$SYS/x", "{}"],
  ] as const)("on or with %s end the connection", async ([, topic, payload]) => {
    const bench = await start();
    const device = await bench.connect();
    const listener = await bench.connect();
    const heard = await listen(listener, ["#", "$aws/#"]);
    const closed = closedOf(device);

    device.publish(topic, payload, { qos: 1 });
    await closed;
    await listener.publishAsync("end", "", { qos: 1 });
    await heard.next("end");

    expect(heard.all.map((each) => each.topic).filter((each) => each === topic)).toEqual([]);
  });

  test("of 128 KB pass", async () => {
    const bench = await start();
    const device = await bench.connect();
    const heard = await listen(device, "a");

    await device.publishAsync("a", "x".repeat(128 * 1024), { qos: 1 });

    expect((await heard.next("a")).text.length).toBe(131_072);
  });

  test("are not held up by a client that does not read, which is disconnected", async () => {
    const bench = await start();
    const [sender, reader] = [await bench.connect(), await bench.connect()];
    const stuck = await bench.connect({ clientId: "stuck" });
    await stuck.subscribeAsync("big", { qos: 0 });
    const heard = await listen(reader, ["small", "$aws/events/presence/disconnected/stuck"]);
    stuck.stream.pause();

    for (let index = 0; index < 400; index++) {
      sender.publish("big", "x".repeat(100_000), { qos: 0 });
    }
    await sender.publishAsync("small", "through", { qos: 1 });

    expect((await heard.next("small")).text).toBe("through");
    const gone = await heard.next("$aws/events/presence/disconnected/stuck");
    expect(parsed(gone.text)).toMatchObject({ disconnectReason: "CLIENT_ERROR" });
  });
});

describe("retained messages", () => {
  test("are there for later subscribers, after a restart too, until an empty one removes them", async () => {
    const scratch = scratchDirectory();
    cleanUp.push(scratch.remove);
    const file = `${scratch.path}/iot.sqlite`;
    const first = await start({ file });
    const device = await first.connect();
    await device.publishAsync("state/lamp", "on", { qos: 1, retain: true });
    await device.publishAsync("state/plug", "off", { qos: 1, retain: true });
    await device.publishAsync("state/plug", "", { qos: 1, retain: true });
    await first.close();
    const second = await start({ file });

    const heard = await listen(await second.connect(), "state/+");

    expect(await heard.next("state/lamp")).toEqual({
      topic: "state/lamp",
      text: "on",
      retain: true,
      qos: 1,
    });
    expect(heard.all).toHaveLength(1);
  });
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
  });

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

describe("a last will", () => {
  test("is published when the connection breaks, not when it ends", async () => {
    const bench = await start();
    const heard = await listen(await bench.connect(), "last/+");
    const will = (topic: string) => ({
      topic,
      payload: Buffer.from("gone"),
      qos: 1 as const,
      retain: false,
    });
    const polite = await bench.connect({ will: will("last/polite") });
    const rude = await bench.connect({ will: will("last/rude") });

    await polite.endAsync();
    rude.stream.destroy();
    await heard.next("last/rude");

    expect(heard.all.map(({ topic }) => topic)).toEqual(["last/rude"]);
  });

  test("on a shadow's topic reaches subscribers, and is ignored by the shadow", async () => {
    const bench = await start();
    const heard = await listen(await bench.connect(), "$aws/things/lamp/shadow/#");
    const payload = Buffer.from('{"state":{"reported":{"online":false}}}');
    const topic = "$aws/things/lamp/shadow/update";
    const device = await bench.connect({ will: { topic, payload, qos: 1, retain: false } });
    const asker = await bench.connect();

    device.stream.destroy();
    await heard.next(topic);
    await asker.publishAsync("$aws/things/lamp/shadow/get", "", { qos: 1 });

    const answer = await heard.next("$aws/things/lamp/shadow/get/rejected");
    expect(answer.text).toBe(`{"code":404,"message":"No shadow exists with name: 'lamp'"}`);
  });
});

describe("MQTT over WebSocket", () => {
  test("is on the same port, and both kinds of clients hear each other", async () => {
    const bench = await start();
    const device = await bench.connect();
    const heard = await listen(device, "a");
    const url = `${bench.iot.mqttUrl.replace("mqtt:", "ws:")}/mqtt`;
    const browser = await connectAsync(url, { reconnectPeriod: 0 }, false);
    cleanUp.push(() => browser.endAsync(true));
    const back = await listen(browser, "b");

    await browser.publishAsync("a", "from the browser", { qos: 1 });
    await device.publishAsync("b", "from the device", { qos: 1 });

    expect((await heard.next("a")).text).toBe("from the browser");
    expect((await back.next("b")).text).toBe("from the device");
  });

  test.for([
    ["of a page on the web", "/mqtt", { origin: "https://example.com" }, 403],
    ["under another host name", "/mqtt", { host: "rebound.example.com" }, 403],
    ["on another path", "/other", {}, 404],
  ] as const)("is refused to a client %s", async ([, path, headers, status]) => {
    const bench = await start();
    const url = `${bench.iot.mqttUrl.replace("mqtt:", "ws:")}${path}`;

    const socket = new WebSocket(url, "mqtt", { headers });
    const answer = await new Promise((resolve) => {
      socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
    });

    expect(answer).toBe(status);
  });
});

describe("the port", () => {
  test("in use is one clear error that names the option", async () => {
    const bench = await start();

    const second = startIot({
      file: ":memory:",
      mqtt: { kind: "embedded", port: bench.iot.mqttPort },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
    });

    await expect(second).rejects.toMatchObject({
      code: "PortInUse",
      message: containing("--mqtt-port"),
    });
  });

  test("is closed with everything on it, twice without harm", async () => {
    const bench = await start();
    const device = await bench.connect();
    const closed = closedOf(device);

    await bench.iot.close();
    await bench.iot.close();

    await closed;
    const socket = connectSocket(bench.iot.mqttPort, "127.0.0.1");
    await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
