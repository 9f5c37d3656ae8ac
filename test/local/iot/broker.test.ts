import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { startIot } from "#local/iot/iot.ts";
import { containing } from "./matchers.ts";
import {
  closedOf,
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

  // The length of a packet takes one byte up to 127, two up to 16,383, three up to 2,097,151 (MQTT 3.1.1 §2.2.3).
  test.for([0, 122, 123, 124, 16_378, 16_379, 16_380, 131_072])(
    "of %i bytes arrive whole, and so does the next",
    async (length) => {
      const bench = await start();
      const [device, backend] = [await bench.connect(), await bench.connect()];
      const heard = await listen(backend, ["é", "end"]);

      device.publish("é", "x".repeat(length), { qos: 1 });
      await device.publishAsync("end", "of it", { qos: 0 });

      expect((await heard.next("é")).text.length).toBe(length);
      expect((await heard.next("end")).text).toBe("of it");
    },
  );

  test("go once to a client whose filters overlap, and not to one that unsubscribed", async () => {
    const bench = await start();
    const [device, backend, former] = [
      await bench.connect(),
      await bench.connect(),
      await bench.connect(),
    ];
    const heard = await listen(backend, ["a/b", "a/+", "#", "end"]);
    const heardBefore = await listen(former, ["a/b", "end"]);
    await former.unsubscribeAsync("a/b");

    device.publish("a/b", "once", { qos: 1 });
    await device.publishAsync("end", "", { qos: 1 });
    await Promise.all([heard.next("end"), heardBefore.next("end")]);

    expect(heard.all.map(({ text }) => text)).toEqual(["once", ""]);
    expect(heardBefore.all.map(({ topic }) => topic)).toEqual(["end"]);
  });

  test("come with the lower quality of the publication and the subscription", async () => {
    const bench = await start();
    const [device, backend] = [await bench.connect(), await bench.connect()];
    const heard = await listen(backend, "end");
    await backend.subscribeAsync("zero", { qos: 0 });
    await backend.subscribeAsync("one", { qos: 1 });

    device.publish("zero", "", { qos: 1 });
    device.publish("one", "", { qos: 0 });
    device.publish("one", "", { qos: 1 });
    await device.publishAsync("end", "", { qos: 1 });
    await heard.next("end");

    expect(heard.all.map(({ topic, qos }) => `${topic} ${qos}`).toSorted()).toEqual([
      "end 1",
      "one 0",
      "one 1",
      "zero 0",
    ]);
  });

  // A client of mqtt.js or aedes itself would not tell: small messages, one behind the other, and the sender's next word.
  test("leave the sender free while a subscriber does not read", async () => {
    const bench = await start();
    const sender = await bench.connect({ keepalive: 30 });
    const stuck = await bench.connect({ clientId: "stuck" });
    await stuck.subscribeAsync("many", { qos: 1 });
    stuck.stream.pause();

    const sent = Array.from({ length: 3000 }, () =>
      sender.publishAsync("many", "x".repeat(1000), { qos: 1 }),
    );
    await Promise.all(sent);
    const begunMs = performance.now();
    await sender.publishAsync("other", "", { qos: 1 });

    // aedes would let the sender wait for the reader, for a minute.
    expect(performance.now() - begunMs).toBeLessThan(10_000);
    expect(sender.connected).toBe(true);
  });

  test.each([
    ["the topic with QoS 0 and all with QoS 1", { "o/a": 0, "o/#": 1 }, 1],
    ["the topic with QoS 1 and all with QoS 0", { "o/a": 1, "o/#": 0 }, 1],
    ["both with QoS 0", { "o/a": 0, "o/#": 0 }, 0],
  ] as const)("to who subscribed to %s come once, with the highest", async (_, filters, qos) => {
    for (const clean of [true, false]) {
      const bench = await start();
      const client = await bench.connect({ clientId: "o", clean });
      const heard = await listen(client, "end");
      for (const [filter, wanted] of Object.entries(filters)) {
        await client.subscribeAsync(filter, { qos: wanted });
      }
      const sender = await bench.connect();

      await sender.publishAsync("o/a", "x", { qos: 1 });
      await sender.publishAsync("end", "", { qos: 1 });
      await heard.next("end");
      await client.endAsync();
      const again = await bench.connect({ clientId: "o", clean: false });
      const later = await listen(again, "later");
      await sender.publishAsync("later", "", { qos: 1 });
      await later.next("later");

      expect(heard.all.map((one) => `${one.topic} ${one.qos}`)).toEqual([`o/a ${qos}`, "end 1"]);
      expect(later.all.map(({ topic }) => topic)).toEqual(["later"]);
    }
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
  test("come with the quality that was subscribed to, also under a wildcard", async () => {
    const bench = await start();
    const device = await bench.connect();
    await device.publishAsync("kept/a", "x", { qos: 1, retain: true });
    const qualities: number[] = [];
    const reader = await bench.connect();
    const heard = await listen(reader, "end");

    for (const qos of [0, 1] as const) {
      await reader.subscribeAsync("kept/#", { qos });
      qualities.push((await heard.next("kept/a")).qos);
    }

    expect(qualities).toEqual([0, 1]);
  });

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
