import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { CreateCertificateFromCsrCommand, DeleteCertificateCommand } from "@aws-sdk/client-iot";
import type { IClientOptions } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeDeviceKey } from "../../../../scripts/devices/device-key.ts";
import { matching } from "../matchers.ts";
import { CONNACK, mqttPackets } from "../mqtt-packets.ts";
import { closedOf, listen, parsed } from "../support.ts";
import {
  bench,
  connectionOf,
  endOf,
  heard,
  presenceOf,
  setStatus,
  silence,
  startWitnessedBench,
  textsOn,
  versionOf,
  wish,
} from "../witnessed-bench.ts";
import { foreignCertificate, signedWith } from "./impostors.ts";
import { type Device, heldSocket } from "./secure-bench.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

/** How far the core's clock is ahead. The same refusal is told once a minute. */
let aheadMs = 0;
beforeAll(() => startWitnessedBench({ nowMs: () => Date.now() + aheadMs }));
afterAll(() => bench.close());

/** Makes names that are used once. */
let marks = 0;

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
