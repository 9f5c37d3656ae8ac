import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { megabytes, residentMegabytes } from "../local/iot/process-memory.ts";
import { listen, withoutDelay } from "../local/iot/support.ts";
import type { Device } from "../local/iot/tls/secure-bench.ts";
import type { SecureCore } from "../local/iot/tls/secure-iot-process.ts";

let child: ChildProcess;
let core: SecureCore;
let fuzzer: Device;
const counts: string[] = [];

beforeAll(async () => {
  child = fork(
    new URL("../local/iot/tls/secure-iot-process.ts", import.meta.url),
    ["fuzzer", "victim"],
    { stdio: ["ignore", "ignore", "ignore", "ipc"] },
  );
  const [told] = (await once(child, "message")) as readonly SecureCore[];
  if (told?.devices[0] === undefined) throw new Error("the core did not start");
  core = told;
  fuzzer = told.devices[0];
});
afterAll(async () => {
  console.log(["fuzz of the TLS port:", ...counts].join("\n  "));
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
});

const memory = (): number | undefined => residentMegabytes(child);

const HOST = "127.0.0.1";
const credentials = () => ({ ca: core.rootCertificate, key: fuzzer.key, cert: fuzzer.cert });

const connect = async (options: IClientOptions = {}): Promise<MqttClient> => {
  const client = await connectAsync(
    `mqtts://${HOST}:${core.tlsPort}`,
    { clientId: "fuzzer", reconnectPeriod: 0, ...credentials(), ...options },
    false,
  );
  withoutDelay(client);
  client.on("error", () => {});
  return client;
};

/** A device still gets in and is answered, and so is whoever is on the loopback port. */
const expectAlive = async (): Promise<void> => {
  expect(child.exitCode).toBeNull();
  const [device, local] = [await connect(), await connectAsync(core.mqttUrl)];
  const heard = await listen(device, "$aws/things/fuzzer/shadow/update/accepted");
  const alive = '{"state":{"reported":{"alive":true}}}';
  await local.publishAsync("$aws/things/fuzzer/shadow/update", alive, { qos: 1 });
  await heard.next("$aws/things/fuzzer/shadow/update/accepted");
  await Promise.all([device.endAsync(true), local.endAsync(true)]);
};

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on("error", () => {});
    socket.once("close", () => resolve());
  });

/** Sends bytes on a connection of its own and goes, or is sent away. */
const send = async (bytes: Buffer): Promise<void> => {
  const socket = connectSocket(core.tlsPort, HOST);
  const gone = closed(socket);
  socket.resume();
  socket.write(bytes, () => setImmediate(() => socket.destroy()));
  await gone;
};

const inParallel = async (
  total: number,
  width: number,
  run: (index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < total) await run(next++);
    }),
  );
};

/** The first bytes that a real client sends. */
const clientHello = (): Promise<Buffer> =>
  new Promise((resolve) => {
    const wire = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, written) => {
        resolve(chunk);
        written();
      },
    });
    connectTls({ socket: wire, servername: "localhost" }).on("error", () => {});
  });

const mutated = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + Math.floor(Math.random() * 6); flips > 0; flips--) {
    copy[Math.floor(Math.random() * copy.length)] = Math.floor(Math.random() * 256);
  }
  return Math.random() < 0.2 ? copy.subarray(0, Math.floor(Math.random() * copy.length)) : copy;
};

/** A handshake with a good certificate that ends after so many bytes. */
const cutOff = async (afterBytes: number): Promise<void> => {
  const below = connectSocket(core.tlsPort, HOST);
  const gone = closed(below);
  let left = afterBytes;
  const wire = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, written) => {
      below.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) below.destroySoon();
      written();
    },
  });
  below.on("data", (chunk) => wire.push(chunk));
  const client = connectTls({ socket: wire, servername: "localhost", ...credentials() });
  client.on("error", () => {});
  client.once("secureConnect", () => client.write(randomBytes(2000)));
  await gone;
  client.destroy();
};

test("bytes that are no TLS, or nearly are, harm nobody", async () => {
  const hello = await clientHello();

  await inParallel(1000, 20, () => send(randomBytes(1 + Math.floor(Math.random() * 500))));
  await inParallel(1500, 20, () => send(mutated(hello)));
  await inParallel(300, 20, () => send(Buffer.concat([hello, randomBytes(300)])));
  await inParallel(300, 20, () => send(Buffer.from("16030140000100fffc", "hex")));
  // About 3,000 bytes go to the core in a whole handshake and the rubbish behind it.
  await inParallel(300, 20, (index) => cutOff(1 + index * 10));

  await expectAlive();
  counts.push(`3,400 broken or cut-off handshakes: alive, ${megabytes(memory())}`);
});

test("2,000 connections without a certificate leave nothing behind", async () => {
  let refused = 0;
  const knock = async (): Promise<void> => {
    const socket = connectTls({ host: HOST, port: core.tlsPort, ca: core.rootCertificate });
    socket.once("error", () => {
      refused++;
    });
    socket.resume();
    await closed(socket);
  };
  await inParallel(200, 20, knock);
  const before = memory();

  await inParallel(2000, 20, knock);

  await expectAlive();
  const after = memory();
  counts.push(
    `2,200 connections without a certificate, ${refused} told so: ${megabytes(before)} before, ${megabytes(after)} after`,
  );
  if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(100);
});

test("1,500 handshakes that never end are cut off, and nobody else waits on the loopback port", async () => {
  const silent = Array.from({ length: 1500 }, () => connectSocket(core.tlsPort, HOST));
  const gone = Promise.all(silent.map(closed));
  for (const socket of silent) socket.resume();
  const local = await connectAsync(core.mqttUrl);
  const heard = await listen(local, "$aws/things/+/shadow/get/+");

  await local.publishAsync("$aws/things/victim/shadow/get", "", { qos: 1 });
  await heard.next("$aws/things/victim/shadow/get/rejected");
  // Long before the ten seconds of a handshake are over.
  const waiting = (): number => silent.filter((socket) => !socket.destroyed).length;
  await expect.poll(waiting, { timeout: 6000 }).toBeLessThanOrEqual(1000);
  const letWait = waiting();
  await gone;

  await expectAlive();
  await local.endAsync(true);
  counts.push(`1,500 silent handshakes: ${letWait} were let wait, ${megabytes(memory())} after`);
});

const OWN = "$aws/things/fuzzer/shadow";
const MAY_SAY = [`${OWN}/get`, `${OWN}/update`, "smarthome/fuzzer/last-will"];
const MAY_HEAR = ["update/delta", "update/accepted", "update/rejected", "get/accepted"]
  .concat("get/rejected")
  .map((answer) => `${OWN}/${answer}`);

const level = fc.constantFrom(
  ...["$aws", "things", "fuzzer", "victim", "shadow", "name", "x", "update", "get", "delete"],
  ...["delta", "accepted", "rejected", "documents", "events", "presence", "smarthome", "last-will"],
  ...["rules", "+", "#", "*", "${iot:ClientId}", "", "\u0001", "FUZZER", "fuzzer "],
);
const topics = fc.oneof(
  fc.constantFrom(...MAY_SAY, ...MAY_HEAR),
  fc.array(level, { maxLength: 4 }).map((levels) => [OWN, ...levels].join("/")),
  fc
    .tuple(
      fc.constantFrom("victim", "+", "*", "fuzzer/../victim"),
      fc.array(level, { maxLength: 4 }),
    )
    .map(([thing, levels]) => ["$aws/things", thing, "shadow", ...levels].join("/")),
  fc.array(level, { minLength: 1, maxLength: 8 }).map((levels) => levels.join("/")),
);

test("a device that tries everything reaches its own shadow, and nothing else", async () => {
  const local = await connectAsync(core.mqttUrl, { clientId: "witness" });
  const witness = await listen(local, ["#", "$aws/#"]);
  const received = new Set<string>();
  const tries = fc.sample(
    fc.record({
      topic: topics,
      how: fc.constantFrom("publish", "publish", "retain", "subscribe", "will", "clientId"),
      qos: fc.constantFrom(0 as const, 1 as const),
    }),
    1000,
  );
  const tally = new Map<string, number>();
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  let client: MqttClient | undefined;
  const connected = async (): Promise<MqttClient> => {
    if (client?.connected === true) return client;
    await client?.endAsync(true);
    const next = await connect();
    next.on("message", (topic) => received.add(topic));
    client = next;
    return next;
  };
  const lure = '{"state":{"desired":{"lure":true}}}';

  for (const [index, { topic, how, qos }] of tries.entries()) {
    const payload = `{"state":{"reported":{"forged":${index}}}}`;
    if (index % 10 === 0) {
      local.publish("$aws/things/victim/shadow/update", lure, { qos: 1 });
      local.publish("$aws/things/fuzzer/shadow/update", lure, { qos: 1 });
    }
    if (how === "will" || how === "clientId") {
      const will = {
        topic: topic === "" ? "x" : topic,
        payload: Buffer.from(payload),
        qos,
        retain: false,
      };
      const other = how === "will" ? { will } : { clientId: topic };
      const entered = await connect(other).catch(() => undefined);
      count(`${how} ${entered === undefined ? "refused" : "let in"}`);
      entered?.stream.destroy();
      await entered?.endAsync(true);
      continue;
    }
    const device = await connected();
    const { promise: lost, resolve } = Promise.withResolvers<"refused">();
    const lose = (): void => resolve("refused");
    device.once("close", lose);
    const done =
      how === "subscribe"
        ? device.subscribeAsync(topic, { qos })
        : device.publishAsync(topic, payload, { qos: 1, retain: how === "retain" });
    // mqtt.js never sends a PUBLISH without a topic, and says nothing.
    if (topic === "" && how !== "subscribe") {
      device.stream.write(Buffer.from("3206" + "0000" + "0001" + "7878", "hex"));
    }
    const outcome = await Promise.race([
      lost,
      done.then(() => "passed" as const).catch(() => "refused" as const),
    ]);
    device.off("close", lose);
    count(`${how} ${outcome}`);
  }
  await client?.endAsync(true);
  await local.publishAsync("end", "", { qos: 1 });
  await witness.next("end");

  const forged = new Set(
    witness.all.filter(({ text }) => text.includes("forged")).map(({ topic }) => topic),
  );
  for (const answer of MAY_HEAR.concat(`${OWN}/update/documents`)) forged.delete(answer);
  expect([...forged].toSorted()).toEqual(MAY_SAY.toSorted());
  // The service answers in words of its own, never in the device's.
  const echoed = witness.all.filter(
    ({ topic, text }) =>
      MAY_HEAR.includes(topic) && /^\{"state":\{"reported":\{"forged":\d+\}\}\}$/.test(text),
  );
  expect(echoed).toEqual([]);
  expect([...received].filter((topic) => !MAY_HEAR.includes(topic))).toEqual([]);
  const came = new Set(
    witness.all
      .filter(({ topic }) => topic.startsWith("$aws/events/presence/connected"))
      .map(({ topic }) => topic.split("/").slice(4).join("/")),
  );
  // That the witness came is told once it is on disk, which may be after it began to listen.
  came.delete("witness");
  expect([...came]).toEqual(["fuzzer"]);
  for (const [what, times] of [...tally].toSorted()) counts.push(`${times} × ${what}`);
  await local.endAsync(true);
  await expectAlive();
  counts.push(`then: alive, ${megabytes(memory())}`);
});
