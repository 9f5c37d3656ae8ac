import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { connect as connectSocket, type Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import {
  AttachPolicyCommand,
  CreateCertificateFromCsrCommand,
  DeleteCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import {
  GetConnectionCommand,
  GetRetainedMessageCommand,
  GetThingShadowCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import type { IClientOptions, MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startIot } from "#local/iot/iot.ts";
import { makeDeviceKey } from "../../../scripts/support/device-key.ts";
import { foreignCertificate, signedWith } from "./impostors.ts";
import { containing, matching } from "./matchers.ts";
import { CONNACK, mqttPackets } from "./mqtt-packets.ts";
import { type Device, heldSocket, type SecureBench, startSecureBench } from "./secure-bench.ts";
import { listen, parsed, scratchDirectory, startIotBench } from "./support.ts";

const IOT = "arn:aws:iot:us-east-1:000000000000";
const THING = "${iot:Connection.Thing.ThingName}";
const allow = (Action: string | readonly string[], ...resources: readonly string[]) => ({
  Effect: "Allow",
  Action,
  Resource: resources.map((resource) => `${IOT}:${resource}`),
});
const policy = (name: string, ...Statement: readonly object[]) => ({
  name,
  document: { Version: "2012-10-17", Statement },
});
const POLICIES = [
  // Only who connects is checked by name.
  policy(
    "SaysAnything",
    allow("iot:Connect", `client/${THING}`),
    allow("iot:Publish", "topic/house/*"),
  ),
  policy("Retains", allow(["iot:Publish", "iot:RetainPublish"], `topic/house/${THING}`)),
  policy(
    "Asks",
    allow("iot:Connect", `client/${THING}`),
    allow("iot:Subscribe", `topicfilter/$aws/things/${THING}/shadow/update/delta`),
  ),
  policy("Hears", allow("iot:Receive", `topic/$aws/things/${THING}/shadow/update/delta`)),
];

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

let bench: SecureBench;
/** Connected on the loopback port, where nobody needs a certificate; hears everything. */
let witness: MqttClient;
let heard: Awaited<ReturnType<typeof listen>>;
/** Whoever knocks and then says nothing, from the start on. */
let silent: readonly Socket[];
let silentAreGone: Promise<unknown>;

const closedOf = (one: { once(event: "close", heard: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => {
    one.once("close", () => resolve());
  });

const knock = (port: number, bytes = ""): Socket => {
  const socket = connectSocket(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  socket.write(Buffer.from(bytes, "hex"));
  return socket;
};

/** How far the core's clock is ahead. The same refusal is told once a minute. */
let aheadMs = 0;
beforeAll(async () => {
  bench = await startSecureBench({ policies: POLICIES, nowMs: () => Date.now() + aheadMs });
  // Nothing at all, and the first bytes of a ClientHello.
  silent = ["", "16030100c8010000c40303"].map((bytes) => knock(bench.tlsPort, bytes));
  silentAreGone = Promise.all(silent.map(closedOf));
  witness = await bench.connect({ clientId: "witness" });
  heard = await listen(witness, ["#", "$aws/#"]);
});
afterAll(() => bench.close());

let marks = 0;
/** Resolves when everything that was said before has been heard. */
const silence = async (): Promise<void> => {
  const topic = `mark/${++marks}`;
  await witness.publishAsync(topic, "", { qos: 1 });
  await heard.next(topic);
};
const textsOn = (topic: string): readonly string[] =>
  heard.all.filter((each) => each.topic === topic).map(({ text }) => text);
const presenceOf = (thing: string): readonly unknown[] =>
  heard.all
    .filter(({ topic }) => topic.startsWith("$aws/events/presence/") && topic.endsWith(`/${thing}`))
    .map(({ text }) => parsed(text).eventType);
const connectionOf = (clientId: string) =>
  bench.dataPlane.send(new GetConnectionCommand({ clientId, includeSocketInformation: true }));
const endOf = async (thing: string): Promise<Readonly<Record<string, unknown>>> =>
  parsed((await heard.next(`$aws/events/presence/disconnected/${thing}`)).text);

const wish = (thingName: string, on: boolean) =>
  bench.dataPlane.send(
    new UpdateThingShadowCommand({
      thingName,
      payload: JSON.stringify({ state: { desired: { on } } }),
    }),
  );
const versionOf = async (thingName: string): Promise<unknown> => {
  const { payload } = await bench.dataPlane.send(new GetThingShadowCommand({ thingName }));
  return parsed(Buffer.from(payload ?? []).toString()).version;
};
const setStatus = (device: Device, newStatus: "ACTIVE" | "INACTIVE" | "REVOKED") =>
  bench.control.send(
    new UpdateCertificateCommand({ certificateId: device.certificateId, newStatus }),
  );

describe("a registered device", () => {
  // REQ: own-credentials
  test("connects with its certificate, reports, and hears what is wanted of it", async () => {
    const device = await bench.register("hall_lamp");
    const shadow = "$aws/things/hall_lamp/shadow";

    const client = await bench.signIn(device);
    const answers = await listen(client, [
      `${shadow}/get/accepted`,
      `${shadow}/get/rejected`,
      `${shadow}/update/accepted`,
      `${shadow}/update/delta`,
    ]);
    await client.publishAsync(`${shadow}/get`, "", { qos: 1 });
    const before = await answers.next(`${shadow}/get/rejected`);
    await client.publishAsync(`${shadow}/update`, '{"state":{"reported":{"on":false}}}', {
      qos: 1,
    });
    await answers.next(`${shadow}/update/accepted`);
    await wish("hall_lamp", true);
    const delta = await answers.next(`${shadow}/update/delta`);
    await client.publishAsync(`${shadow}/get`, "", { qos: 1 });
    const after = await answers.next(`${shadow}/get/accepted`);

    expect(parsed(before.text)).toMatchObject({ code: 404 });
    expect(parsed(delta.text)).toMatchObject({ state: { on: true }, version: 2 });
    expect(parsed(after.text)).toMatchObject({
      state: { desired: { on: true }, reported: { on: false }, delta: { on: true } },
    });
  });

  test("is known by its certificate, in events of presence and to GetConnection", async () => {
    const device = await bench.register("known");

    const client = await bench.signIn(device, { keepalive: 77 });
    const came = parsed((await heard.next("$aws/events/presence/connected/known")).text);
    const connection = await connectionOf("known");
    await client.endAsync();
    const went = await endOf("known");

    expect(came).toMatchObject({
      clientId: "known",
      principalIdentifier: device.certificateId,
      ipAddress: "127.0.0.1",
    });
    expect(connection).toMatchObject({
      connected: true,
      keepAliveDuration: 77,
      sourceIp: "127.0.0.1",
      targetIp: "127.0.0.1",
      targetPort: bench.tlsPort,
    });
    expect(went).toMatchObject({
      principalIdentifier: device.certificateId,
      disconnectReason: "CLIENT_INITIATED_DISCONNECT",
    });
  });

  test("that breaks off is missed, and its last will is published", async () => {
    const device = await bench.register("breaks_off");
    const topic = "smarthome/breaks_off/last-will";
    const client = await bench.signIn(device, {
      will: { topic, payload: Buffer.from("gone"), qos: 1, retain: false },
    });

    client.stream.destroy();

    expect((await heard.next(topic)).text).toBe("gone");
    expect(await endOf("breaks_off")).toMatchObject({ disconnectReason: "CONNECTION_LOST" });
  });

  test("need not wait for an answer before it goes on, whatever arrives with what", async () => {
    const device = await bench.register("hasty");
    const delta = "$aws/things/hasty/shadow/update/delta";
    const way = heldSocket(bench.tlsPort);
    const socket = await bench.secureSocket(device, { socket: way });
    cleanUp.push(() => void socket.destroy());
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));

    way.hold();
    socket.write(mqttPackets.connect("hasty"));
    await new Promise((written) => socket.write(mqttPackets.subscribe(delta), written));
    const update = mqttPackets.publish(
      "$aws/things/hasty/shadow/update",
      '{"state":{"reported":{"on":true}}}',
    );
    await new Promise((written) => socket.write(update, written));
    way.letGo();

    // CONNACK, SUBACK of 9 with QoS 1, PUBACK of 7.
    await expect
      .poll(() => Buffer.concat(received).toString("hex"), { timeout: 10_000 })
      .toBe(`${CONNACK.accepted}900300090140020007`);
    expect(await versionOf("hasty")).toBe(1);
  });

  test.for(["TLSv1.2", "TLSv1.3"] as const)("speaks %s", async (version) => {
    const device = await bench.register(`speaks_${version.replace(".", "_")}`);

    const client = await bench.signIn(device, { minVersion: version, maxVersion: version });

    const stream = client.stream as TLSSocket;
    expect(stream.getProtocol()).toBe(version);
    expect(client.connected).toBe(true);
  });

  test("does not speak TLS 1.1", async () => {
    const device = await bench.register("old");

    const connected = bench.secureSocket(device, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });

    await expect(connected).rejects.toMatchObject({
      code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    });
  });

  test.for(["TLSv1.2", "TLSv1.3"] as const)(
    "resumes its %s session with the same rights, and not beyond its certificate's end",
    async (version) => {
      const thing = `resumes_${version.replace(".", "_")}`;
      const device = await bench.register(thing);
      const speak = async (session?: Buffer) => {
        const socket = await bench.secureSocket(device, {
          minVersion: version,
          maxVersion: version,
          ...(session === undefined ? {} : { session: Buffer.from(session) }),
        });
        cleanUp.push(() => void socket.destroy());
        const sessions = [socket.getSession()];
        socket.on("session", (each: Buffer) => sessions.push(Buffer.from(each)));
        socket.write(mqttPackets.connect(thing));
        const [answer] = (await once(socket, "data")) as readonly Buffer[];
        const reused = socket.isSessionReused();
        return { socket, reused, answer: answer?.toString("hex"), session: () => sessions.at(-1) };
      };

      const first = await speak();
      const second = await speak(first.session());
      const known = await connectionOf(thing);
      const closed = closedOf(second.socket);
      await setStatus(device, "INACTIVE");
      await closed;
      const third = await speak(second.session());

      expect(first).toMatchObject({ reused: false, answer: CONNACK.accepted });
      expect(second).toMatchObject({ reused: true, answer: CONNACK.accepted });
      expect(known.connected).toBe(true);
      expect(third).toMatchObject({ reused: true, answer: CONNACK.notAuthorized });
      const events = heard.all.filter(({ topic }) => topic.endsWith(`/${thing}`));
      expect(new Set(events.map(({ text }) => parsed(text).principalIdentifier))).toEqual(
        new Set([device.certificateId]),
      );
    },
  );
});

describe("in the handshake", () => {
  // REQ: own-credentials
  test.for([
    ["who has no certificate", async (thing: string): Promise<Partial<Device>> => ({ thing })],
    ["the certificate of an authority with the same name", foreignCertificate],
    ["a certificate that is its own issuer", (thing: string) => signedWith(thing)],
    [
      "a certificate that a device issued",
      async (thing: string) => signedWith(thing, await bench.register(`issuer_of_${thing}`)),
    ],
  ] as const)("%s is refused", async ([, make]) => {
    const thing = `refused_${++marks}`;
    await bench.register(thing);
    const impostor = await make(thing);
    const logged = bench.log.length;
    aheadMs += 60_000;

    await expect(bench.signIn(impostor)).rejects.toThrow();

    await expect
      .poll(() => bench.log.slice(logged), { timeout: 10_000 })
      .toEqual([matching(/^mqtt over TLS: .* is refused, [A-Z_]+$/)]);
    await silence();
    expect(presenceOf(thing)).toEqual([]);
  });

  test("the endpoint proves that it is the endpoint, by name and by purpose", async () => {
    const device = await bench.register("careful");
    const { authority } = await foreignCertificate("x");

    await expect(
      bench.secureSocket(device, { servername: "elsewhere.example" }),
    ).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await expect(bench.secureSocket(device, { ca: authority })).rejects.toMatchObject({
      code: "SELF_SIGNED_CERT_IN_CHAIN",
    });
  });
});

describe("at CONNECT is answered that it is not authorized", () => {
  // REQ: own-credentials
  test.for<[string, (thing: string) => Promise<Device>, IClientOptions?]>([
    [
      "a certificate that is not active",
      async (thing) => {
        const device = await bench.register(thing);
        await setStatus(device, "INACTIVE");
        return device;
      },
    ],
    [
      "a certificate that is revoked",
      async (thing) => {
        const device = await bench.register(thing);
        await setStatus(device, "REVOKED");
        return device;
      },
    ],
    [
      "a certificate that is deleted",
      async (thing) => {
        const device = await bench.register(thing, { policies: [], things: [] });
        const { certificateId } = device;
        await setStatus(device, "INACTIVE");
        await bench.control.send(new DeleteCertificateCommand({ certificateId }));
        return device;
      },
    ],
    [
      "a certificate that was never activated",
      async (thing) => {
        const { privateKeyPem: key, requestPem } = await makeDeviceKey(thing);
        const made = await bench.control.send(
          new CreateCertificateFromCsrCommand({ certificateSigningRequest: requestPem }),
        );
        const { certificatePem: cert = "", certificateId = "", certificateArn = "" } = made;
        return { thing, key, cert, certificateId, certificateArn };
      },
    ],
    ["a certificate without a policy", (thing) => bench.register(thing, { policies: [] })],
    [
      "a thing that the certificate is not attached to",
      (thing) => bench.register(thing, { things: [] }),
    ],
    [
      "another device's client id",
      async (thing) => {
        await bench.register(thing);
        return { ...(await bench.register("nosy_neighbour")), thing };
      },
    ],
    [
      "a client id with a wildcard",
      async () => ({ ...(await bench.register("wild")), thing: "wil*" }),
    ],
    ["no client id at all", (thing) => bench.register(thing), { clientId: "" }],
  ])("%s", async ([, make, options = {}]) => {
    const thing = `refused_${++marks}`;
    const device = await make(thing);

    await expect(bench.signIn(device, options)).rejects.toMatchObject({ code: 5 });

    await silence();
    expect(presenceOf(device.thing)).toEqual([]);
  });
});

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

describe("whoever is refused with a connected device's client id", () => {
  test.for<[string, (device: Device) => Promise<Partial<Device>>]>([
    [
      "and another device's certificate",
      async ({ thing }) => ({ ...(await bench.register(`beside_${thing}`)), thing }),
    ],
    [
      "and an older certificate of it that is not active",
      async ({ thing }) => {
        const older = await bench.register(thing);
        await setStatus(older, "INACTIVE");
        return older;
      },
    ],
    ["and a foreign certificate", ({ thing }) => foreignCertificate(thing)],
    ["and no certificate", async ({ thing }) => ({ thing })],
  ])("%s does not disturb it", async ([, make]) => {
    const thing = `steady_${++marks}`;
    const device = await bench.register(thing);
    const client = await bench.signIn(device);
    const newcomer = await make(device);

    await expect(bench.signIn(newcomer)).rejects.toThrow();

    await client.publishAsync(`$aws/things/${thing}/shadow/get`, "", { qos: 1 });
    await silence();
    expect(client.connected).toBe(true);
    expect(presenceOf(thing)).toEqual(["connected"]);
    expect(await connectionOf(thing)).toMatchObject({ connected: true });
    await client.endAsync();
    expect(await endOf(thing)).toMatchObject({ disconnectReason: "CLIENT_INITIATED_DISCONNECT" });
  });

  test("is not heard either with what it sends right behind, in a record of its own", async () => {
    const device = await bench.register("loud", { policies: ["SaysAnything"] });
    const way = heldSocket(bench.tlsPort);
    const socket = await bench.secureSocket(device, { socket: way });
    const closed = closedOf(socket);
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));

    way.hold();
    socket.write(mqttPackets.connect("not_loud"));
    const shout = mqttPackets.publish("house/door", "open");
    await new Promise((written) => socket.write(shout, written));
    way.letGo();
    await closed;

    expect(Buffer.concat(received).toString("hex")).toBe(CONNACK.notAuthorized);
    await silence();
    expect(textsOn("house/door")).toEqual([]);
  });
});

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
