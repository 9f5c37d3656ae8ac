import {
  AttachPolicyCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
} from "@aws-sdk/client-iot";
import { GetRetainedMessageCommand } from "@aws-sdk/client-iot-data-plane";
import type { MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containing } from "../matchers.ts";
import { closedOf, listen, parsed } from "../support.ts";
import {
  bench,
  connectionOf,
  endOf,
  heard,
  setStatus,
  silence,
  startWitnessedBench,
  textsOn,
  versionOf,
  wish,
  witness,
} from "../witnessed-bench.ts";
import type { Device } from "./secure-bench.ts";

/** How far the core's clock is ahead. The same refusal is told once a minute. */
let aheadMs = 0;
beforeAll(() => startWitnessedBench({ nowMs: () => Date.now() + aheadMs }));
afterAll(() => bench.close());

/** Makes names that are used once. */
let marks = 0;

describe("a connected device that", () => {
  let intruder: Device;
  beforeAll(async () => {
    intruder = await bench.register("intruder");
    await bench.register("victim");
    await wish("victim", true);
  });

  // REQ: own-shadow-only
  test.for([
    ["another's shadow", "$aws/things/victim/shadow/update", "AUTH_ERROR"],
    ["another's shadow, to read it", "$aws/things/victim/shadow/get", "AUTH_ERROR"],
    ["another's shadow, to delete it", "$aws/things/victim/shadow/delete", "AUTH_ERROR"],
    ["another's last will", "smarthome/victim/last-will", "AUTH_ERROR"],
    ["a named shadow of its own", "$aws/things/intruder/shadow/name/x/update", "AUTH_ERROR"],
    ["its own shadow, to delete it", "$aws/things/intruder/shadow/delete", "AUTH_ERROR"],
    ["any other topic", "house/door", "AUTH_ERROR"],
    [
      "accepted of its own shadow",
      "$aws/things/intruder/shadow/update/accepted",
      "FORBIDDEN_ACCESS",
    ],
    [
      "rejected of its own shadow",
      "$aws/things/intruder/shadow/update/rejected",
      "FORBIDDEN_ACCESS",
    ],
    ["delta of its own shadow", "$aws/things/intruder/shadow/update/delta", "FORBIDDEN_ACCESS"],
    [
      "documents of its own shadow",
      "$aws/things/intruder/shadow/update/documents",
      "FORBIDDEN_ACCESS",
    ],
    ["get/accepted of its own", "$aws/things/intruder/shadow/get/accepted", "FORBIDDEN_ACCESS"],
    ["documents of another", "$aws/things/victim/shadow/update/documents", "FORBIDDEN_ACCESS"],
    ["a rule's own topic", "$aws/rules/Acknowledged/x", "FORBIDDEN_ACCESS"],
    ["an event of presence", "$aws/events/presence/connected/victim", "FORBIDDEN_ACCESS"],
  ] as const)("publishes on %s is sent away, and nobody hears it", async ([, topic, reason]) => {
    const client = await bench.signIn(intruder);
    const closed = closedOf(client);
    const payload = JSON.stringify({ state: { desired: { by: "intruder" } } });

    client.publish(topic, payload, { qos: 1 });
    await closed;

    expect(await endOf("intruder")).toMatchObject({ disconnectReason: reason });
    await silence();
    expect(textsOn(topic).filter((text) => text.includes("intruder"))).toEqual([]);
    expect(await versionOf("victim")).toBe(1);
  });

  // REQ: own-shadow-only
  test.for([
    "#",
    "+/+",
    "$aws/#",
    "$aws/things/+/shadow/#",
    "$aws/things/+/shadow/update/delta",
    "$aws/things/victim/shadow/update/delta",
    "$aws/things/victim/shadow/get/accepted",
    "$aws/things/intruder/shadow/#",
    "$aws/things/intruder/shadow/update/documents",
    "$aws/things/intruder/shadow/name/+/update/delta",
    "$aws/events/presence/#",
    "$SYS/#",
    "smarthome/+/last-will",
  ])("subscribes to %s is sent away", async (filter) => {
    const client = await bench.signIn(intruder);
    const closed = closedOf(client);
    const received: string[] = [];
    client.on("message", (topic) => received.push(topic));

    client.subscribe(filter);
    await wish("victim", true);
    await closed;

    expect(await endOf("intruder")).toMatchObject({ disconnectReason: "AUTH_ERROR" });
    expect(received).toEqual([]);
  });

  test("asks for one topic it may hear and one it may not hears neither", async () => {
    const client = await bench.signIn(intruder);
    const closed = closedOf(client);
    const received: string[] = [];
    client.on("message", (topic) => received.push(topic));

    client.subscribe([
      "$aws/things/intruder/shadow/update/delta",
      "$aws/things/victim/shadow/update/delta",
    ]);
    await closed;
    await endOf("intruder");
    await wish("intruder", true);
    await silence();

    expect(received).toEqual([]);
  });

  test("leaves no forbidden subscription in a session that outlives it, and is let in again", async () => {
    const client = await bench.signIn(intruder, { clean: false });
    const closed = closedOf(client);
    client.subscribe(["$aws/things/intruder/shadow/update/delta", "#", "$aws/things/+/shadow/#"], {
      qos: 1,
    });
    await closed;
    await endOf("intruder");
    await witness.publishAsync("secret/topic", "secret", { qos: 1 });
    await wish("victim", true);
    await wish("intruder", true);
    await silence();

    const again = await bench.signIn(intruder, { clean: false });
    const received: string[] = [];
    again.on("message", (topic) => received.push(topic));
    await again.subscribeAsync("$aws/things/intruder/shadow/get/rejected", { qos: 1 });
    await silence();

    expect(received.filter((topic) => !topic.startsWith("$aws/things/intruder/"))).toEqual([]);
    await again.endAsync();
    await endOf("intruder");
  });

  // Whoever is on the loopback port may use any client id, and leave a session of that name behind.
  test("is not locked out by a session of its name that has what it may not hear", async () => {
    const local = await bench.connect({ clientId: "intruder", clean: false });
    await local.subscribeAsync(["$aws/things/victim/shadow/#", "#"], { qos: 1 });
    await local.endAsync();
    await endOf("intruder");
    await wish("victim", true);

    const client = await bench.signIn(intruder, { clean: false });
    const received: string[] = [];
    client.on("message", (topic) => received.push(topic));
    await client.publishAsync("$aws/things/intruder/shadow/get", "", { qos: 1 });
    await wish("victim", false);
    await silence();

    expect(received).toEqual([]);
    expect(client.connected).toBe(true);
    await client.endAsync();
    await endOf("intruder");
  });

  test("tells a bounded number of lines, however often it is refused", async () => {
    aheadMs += 60_000;
    const before = bench.log.length;
    const client = await bench.signIn(intruder);

    for (let i = 0; i < 20; i++) {
      const filters = Array.from({ length: 500 }, (_each, j) =>
        `$aws/things/intruder/shadow/get/accepted`.concat(`/${i}/${j}`),
      );
      client.subscribe(filters, { qos: 2 });
    }
    await closedOf(client);

    expect(bench.log.length - before).toBeLessThanOrEqual(201);
    await endOf("intruder");
    // The next minute begins, with lines to say.
    aheadMs += 60_000;
  });

  test("retains a message without iot:RetainPublish is sent away, and nothing is kept", async () => {
    const topic = "smarthome/intruder/last-will";
    const client = await bench.signIn(intruder);
    const closed = closedOf(client);

    client.publish(topic, "kept", { qos: 1, retain: true });
    await closed;

    expect(await endOf("intruder")).toMatchObject({ disconnectReason: "AUTH_ERROR" });
    const kept = bench.dataPlane.send(new GetRetainedMessageCommand({ topic }));
    await expect(kept).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await silence();
    expect(textsOn(topic)).toEqual([]);
  });

  test("may retain does", async () => {
    const device = await bench.register("keeper", { policies: ["SmarthomeDevice", "Retains"] });
    const client = await bench.signIn(device);

    await client.publishAsync("house/keeper", "kept", { qos: 1, retain: true });

    const kept = await bench.dataPlane.send(
      new GetRetainedMessageCommand({ topic: "house/keeper" }),
    );
    expect(Buffer.from(kept.payload ?? []).toString()).toBe("kept");
  });

  test("left a last will on what it may not say has none, and is only missed", async () => {
    const topic = "$aws/things/victim/shadow/update";
    const client = await bench.signIn(intruder, {
      will: { topic, payload: Buffer.from('{"by":"intruder"}'), qos: 1, retain: false },
    });

    client.stream.destroy();

    expect(await endOf("intruder")).toMatchObject({ disconnectReason: "CONNECTION_LOST" });
    await silence();
    expect(textsOn(topic).filter((text) => text.includes("intruder"))).toEqual([]);
  });

  // https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html: AUTH_ERROR sends the last will.
  test("is sent away leaves the last will that it may say", async () => {
    const topic = "smarthome/intruder/last-will";
    const client = await bench.signIn(intruder, {
      will: { topic, payload: Buffer.from("sent away"), qos: 1, retain: false },
    });

    client.publish("house/door", "open", { qos: 1 });

    expect((await heard.next(topic)).text).toBe("sent away");
    expect(await endOf("intruder")).toMatchObject({ disconnectReason: "AUTH_ERROR" });
  });

  test("loses iot:Receive hears nothing more, until it is given back", async () => {
    const device = await bench.register("listener", { policies: ["Asks", "Hears"] });
    const delta = "$aws/things/listener/shadow/update/delta";
    const client = await bench.signIn(device);
    const received = await listen(client, delta);
    const hears = { policyName: "Hears", target: device.certificateArn };
    await wish("listener", true);
    await received.next(delta);

    await bench.control.send(new DetachPolicyCommand(hears));
    await wish("listener", false);
    await silence();
    await bench.control.send(new AttachPolicyCommand(hears));
    await wish("listener", true);
    await received.next(delta);

    const versions = received.all.map(({ text }) => parsed(text).version);
    expect(versions).toEqual([1, 3]);
    expect(client.connected).toBe(true);
  });

  test("calls itself by signs that a terminal would carry out is logged in plain letters", async () => {
    const device = {
      ...(await bench.register("painter")),
      thing: "\u001b[2J\r\nall is well\u202e",
    };

    await expect(bench.signIn(device)).rejects.toMatchObject({ code: 5 });

    const lines = bench.log.filter((line) => line.includes("all is well"));
    expect(lines).toEqual([containing("mqtt client \\u{1b}[2J\\u{d}\\u{a}all is well\\u{202e}: ")]);
  });
});

describe("what is taken away while a device is connected", () => {
  const will = (thing: string) => ({
    topic: `smarthome/${thing}/last-will`,
    payload: Buffer.from("gone"),
    qos: 1 as const,
    retain: false,
  });

  /** Reports without a pause until it is sent away. */
  const report = async (client: MqttClient, thing: string): Promise<void> => {
    for (let count = 0; client.connected; count++) {
      const payload = JSON.stringify({ state: { reported: { count } } });
      await client.publishAsync(`$aws/things/${thing}/shadow/update`, payload, { qos: 1 });
    }
  };

  test.for(["INACTIVE", "REVOKED"] as const)(
    "with its certificate, now %s, it is disconnected at once; nothing of it gets through any more",
    async (status) => {
      const thing = `withdrawn_${status}`;
      const device = await bench.register(thing);
      const client = await bench.signIn(device, { will: will(thing) });
      const closed = closedOf(client);
      void report(client, thing).catch(() => {});
      const accepted = `$aws/things/${thing}/shadow/update/accepted`;
      for (let count = 0; count < 5; count++) await heard.next(accepted);

      await setStatus(device, status);
      const version = await versionOf(thing);
      await closed;

      expect(await endOf(thing)).toMatchObject({
        disconnectReason: "AUTH_ERROR",
        clientInitiatedDisconnect: false,
        principalIdentifier: device.certificateId,
      });
      expect(await connectionOf(thing)).toMatchObject({
        connected: false,
        disconnectReason: "AUTH_ERROR",
      });
      await silence();
      expect(await versionOf(thing)).toBe(version);
      expect(textsOn(`smarthome/${thing}/last-will`)).toEqual([]);
      await expect(bench.signIn(device)).rejects.toMatchObject({ code: 5 });
    },
  );

  test.for<[string, (device: Device) => Promise<unknown>]>([
    [
      "its policy",
      ({ certificateArn: target }) =>
        bench.control.send(new DetachPolicyCommand({ policyName: "SmarthomeDevice", target })),
    ],
    [
      "its thing",
      ({ thing: thingName, certificateArn: principal }) =>
        bench.control.send(new DetachThingPrincipalCommand({ thingName, principal })),
    ],
  ])(
    "with %s goes every right: it hears nothing, and its next word ends the connection",
    async ([, takeAway]) => {
      const thing = `stripped_${++marks}`;
      const device = await bench.register(thing);
      const client = await bench.signIn(device, { will: will(thing) });
      const received = await listen(client, `$aws/things/${thing}/shadow/update/delta`);
      const closed = closedOf(client);
      await wish(thing, true);
      await received.next(`$aws/things/${thing}/shadow/update/delta`);

      await takeAway(device);
      await wish(thing, false);
      await silence();
      client.publish(`$aws/things/${thing}/shadow/update`, '{"state":{"reported":{"on":true}}}');
      await closed;

      expect(await endOf(thing)).toMatchObject({ disconnectReason: "AUTH_ERROR" });
      expect(await connectionOf(thing)).toMatchObject({ disconnectReason: "AUTH_ERROR" });
      await silence();
      expect(received.all).toHaveLength(1);
      expect(await versionOf(thing)).toBe(2);
      expect(textsOn(`smarthome/${thing}/last-will`)).toEqual([]);
      await expect(bench.signIn(device)).rejects.toMatchObject({ code: 5 });
    },
  );

  test("from one device is not taken from another", async () => {
    const [one, other] = [await bench.register("one"), await bench.register("other_one")];
    const client = await bench.signIn(one);
    const closed = closedOf(await bench.signIn(other));

    await setStatus(other, "INACTIVE");
    await closed;

    await client.publishAsync("$aws/things/one/shadow/get", "", { qos: 1 });
    expect(client.connected).toBe(true);
  });
});
