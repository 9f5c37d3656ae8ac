import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import fc from "fast-check";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { megabytes, residentMegabytes } from "../local/iot/process-memory.ts";
import { firstLine, listen, withoutDelay } from "../local/iot/support.ts";

let child: ChildProcess;
let url = "";
let port = 0;
const counts: string[] = [];

beforeAll(async () => {
  child = fork(new URL("../local/iot/iot-process.ts", import.meta.url), [], {
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  url = await firstLine(child.stdout);
  port = Number(new URL(url).port);
});
afterAll(async () => {
  console.log(["fuzz of the IoT core:", ...counts].join("\n  "));
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
});

const memory = (): number | undefined => residentMegabytes(child);

const connect = async (): Promise<MqttClient> => {
  const client = await connectAsync(url, { reconnectPeriod: 0 }, false);
  withoutDelay(client);
  client.on("error", () => {});
  return client;
};

/** The core still answers a shadow update. */
const expectAlive = async (): Promise<void> => {
  expect(child.exitCode).toBeNull();
  const client = await connect();
  const heard = await listen(client, "$aws/things/alive/shadow/update/accepted");
  await client.publishAsync("$aws/things/alive/shadow/update", '{"state":{"reported":{"a":1}}}', {
    qos: 1,
  });
  await heard.next("$aws/things/alive/shadow/update/accepted");
  await client.endAsync(true);
};

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on("error", () => {});
    socket.once("close", () => resolve());
  });

/** Sends bytes on a connection of its own and goes, or is sent away. */
const send = async (bytes: Buffer): Promise<void> => {
  const socket = connectSocket(port, "127.0.0.1");
  const gone = closed(socket);
  socket.resume();
  socket.write(bytes, () => setImmediate(() => socket.destroy()));
  await gone;
};

const inParallel = async (
  total: number,
  width: number,
  run: () => Promise<void>,
): Promise<void> => {
  let left = total;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) await run();
    }),
  );
};

/** CONNECT of MQTT 3.1.1, clean, without keep-alive. */
const connectPacket = (clientId: string): Buffer => {
  const id = Buffer.from(clientId);
  const body = Buffer.concat([
    Buffer.from("00044d51545404020000", "hex"),
    Buffer.from([id.length >> 8, id.length & 255]),
    id,
  ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
};

const packets = (): Buffer => {
  const topic = Buffer.from("$aws/things/fuzz/shadow/update");
  const payload = Buffer.from('{"state":{"desired":{"a":1}}}');
  const variable = Buffer.concat([
    Buffer.from([0, topic.length]),
    topic,
    Buffer.from([0, 7]),
    payload,
  ]);
  const subscribe = Buffer.concat([
    Buffer.from([0, 9, 0, 3]),
    Buffer.from("a/#"),
    Buffer.from([1]),
  ]);
  return Buffer.concat([
    connectPacket(`fuzz-${Math.random()}`),
    Buffer.from([0x32, variable.length]),
    variable,
    Buffer.from([0x82, subscribe.length]),
    subscribe,
    Buffer.from("c000e000", "hex"),
  ]);
};

const mutated = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + Math.floor(Math.random() * 6); flips > 0; flips--) {
    copy[Math.floor(Math.random() * copy.length)] = Math.floor(Math.random() * 256);
  }
  return Math.random() < 0.2 ? copy.subarray(0, Math.floor(Math.random() * copy.length)) : copy;
};

test("bytes that are no MQTT, or nearly are, harm nobody", async () => {
  await inParallel(1000, 20, () => send(randomBytes(1 + Math.floor(Math.random() * 500))));
  await inParallel(1000, 20, () =>
    send(Buffer.concat([connectPacket("fuzz"), randomBytes(1 + Math.floor(Math.random() * 500))])),
  );
  await inParallel(4000, 20, () => send(mutated(packets())));
  await inParallel(500, 20, () =>
    send(Buffer.concat([Buffer.from("GET /mqtt HTTP/1.1\r\n"), randomBytes(100)])),
  );
  // A length of 256 MB, announced again and again.
  await inParallel(200, 20, () => send(Buffer.from("30ffffff7f0001", "hex")));

  await expectAlive();
  counts.push(`6,700 connections with broken bytes: alive, ${megabytes(memory())}`);
});

const brokenText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 10 }).map((text) => Buffer.from(text)),
  fc.json({ maxDepth: 10 }).map((text) => Buffer.from(`{"state":{"desired":{"v":${text}}}}`)),
  fc
    .tuple(fc.json(), fc.json(), fc.json())
    .map(([a, b, c]) => Buffer.from(`{"state":${a},"version":${b},"clientToken":${c}}`)),
  fc
    .integer({ min: 1, max: 60_000 })
    .map((depth) =>
      Buffer.from(`{"state":{"desired":{"v":${"[".repeat(depth)}${"]".repeat(depth)}}}}`),
    ),
  fc
    .integer({ min: 1, max: 15_000 })
    .map((depth) =>
      Buffer.from(`{"state":{"desired":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}}`),
    ),
  fc
    .constantFrom(
      "1e309",
      "-1e309",
      "9".repeat(400),
      "1e-400",
      "0.1e1000000",
      "-0",
      "01",
      "NaN",
      "+1",
    )
    .map((number) => Buffer.from(`{"state":{"reported":{"n":${number}}}}`)),
  fc.constantFrom(
    Buffer.from('{"state":{"desired":{"a":1,"a":null}},"state":{"reported":{"b":1}}}'),
    Buffer.from('\ufeff{"state":{}}'),
    Buffer.from('{"state":{"desired":{"\\ud800":"\\udfff"}}}'),
    Buffer.from('{"state":{"desired":{"\u0000":"\u0000"}}}'),
    Buffer.from('{"state":{"desired":{"__proto__":{"x":1},"toString":null,"length":-1}}}'),
    Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
  ),
  fc
    .integer({ min: 7000, max: 120_000 })
    .map((size) => Buffer.from(`{"state":{"reported":{"b":"${"x".repeat(size)}"}}}`)),
);

test("every shadow request is answered, the broken ones with an error of AWS", async () => {
  const client = await connect();
  const answers: string[] = [];
  client.on("message", (topic, payload) => {
    const { code, message } = JSON.parse(payload.toString()) as { code?: number; message?: string };
    answers.push(topic.endsWith("/accepted") ? "accepted" : `${code} ${message}`);
  });
  await client.subscribeAsync(
    ["$aws/things/+/shadow/+/accepted", "$aws/things/+/shadow/+/rejected"],
    { qos: 1 },
  );
  const payloads = fc.sample(brokenText, 6000);

  for (const [index, payload] of payloads.entries()) {
    const operation = index % 10 === 0 ? "get" : index % 50 === 1 ? "delete" : "update";
    const sent = client.publishAsync(`$aws/things/fuzz${index % 5}/shadow/${operation}`, payload, {
      qos: 1,
    });
    // The broker takes 50 at a time; beyond that mqtt.js would keep everything in memory.
    if (index % 50 === 0) await sent;
  }

  await expect.poll(() => answers.length, { timeout: 60_000 }).toBe(6000);
  const tally = Map.groupBy(answers, (answer) => answer.replace(/'.*'/, "'…'"));
  for (const [answer, each] of [...tally].toSorted()) counts.push(`${each.length} × ${answer}`);
  for (const answer of tally.keys()) {
    expect(answer).toMatch(/^(accepted|4(00|04|09|13|15) .+)$/);
  }
  await client.endAsync(true);
  await expectAlive();
});

test("no topic harms anybody", async () => {
  const topics = fc
    .sample(
      fc.oneof(
        fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
        fc
          .array(
            fc.constantFrom(
              "$aws",
              "things",
              "x",
              "shadow",
              "name",
              "update",
              "get",
              "delta",
              "",
              "#",
              "+",
              "$SYS",
              "rules",
            ),
            { minLength: 1, maxLength: 12 },
          )
          .map((levels) => levels.join("/")),
        fc.integer({ min: 250, max: 5000 }).map((length) => "a".repeat(length)),
        fc.integer({ min: 5, max: 500 }).map((length) => "a/".repeat(length)),
      ),
      1500,
    )
    .filter((topic) => Buffer.byteLength(topic) < 60_000);
  let through = 0;
  let closedBy = 0;
  let client: MqttClient | undefined;

  for (const topic of topics) {
    if (client === undefined || !client.connected) {
      client = await connect();
    }
    const current = client;
    const { promise: lost, resolve } = Promise.withResolvers<false>();
    const lose = (): void => resolve(false);
    current.once("close", lose);
    const sent = current
      .publishAsync(topic, "{}", { qos: 1 })
      .then(() => true)
      .catch(() => false);
    const subscribed = current.subscribeAsync(topic).catch(() => undefined);
    if (await Promise.race([sent, lost])) through++;
    else closedBy++;
    await Promise.race([subscribed, lost]);
    current.off("close", lose);
    if (!current.connected) await current.endAsync(true);
  }
  await client?.endAsync(true);

  counts.push(`${topics.length} topics: ${through} passed, ${closedBy} refused`);
  expect(through + closedBy).toBe(topics.length);
  await expectAlive();
});

test("10,000 connections, opened and closed, leave nothing behind", async () => {
  const round = async (total: number): Promise<void> => {
    let next = 0;
    await inParallel(total, 50, async () => {
      const socket = connectSocket(port, "127.0.0.1");
      const gone = closed(socket);
      const number = next++;
      socket.write(connectPacket(`many-${number}`));
      // CONNACK; then half of them say goodbye and half just go.
      await Promise.race([once(socket, "data"), gone]);
      if (number % 2 === 0) socket.end(Buffer.from("e000", "hex"));
      else socket.destroy();
      await gone;
    });
  };
  await round(2000);
  const before = memory();

  await round(10_000);

  await expectAlive();
  const after = memory();
  counts.push(`10,000 connections: ${megabytes(before)} before, ${megabytes(after)} after`);
  if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(150);
});

test("clients that stop reading are sent away, and the others notice nothing", async () => {
  const stuck = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const client = await connect();
      await client.subscribeAsync("flood", { qos: 1 });
      client.stream.pause();
      return client;
    }),
  );
  const sender = await connect();
  const gone = await listen(sender, "$aws/events/presence/disconnected/+");
  let highest = 0;

  for (let index = 0; index < 500; index++) {
    await sender.publishAsync("flood", "x".repeat(100_000), { qos: 1 });
    highest = Math.max(highest, memory() ?? 0);
    if (index % 100 === 0) await expectAlive();
  }

  await expect
    .poll(() => gone.all.filter(({ text }) => text.includes("CLIENT_ERROR")).length, {
      timeout: 20_000,
    })
    .toBe(10);
  counts.push(
    `10 clients that do not read, 500 messages of 100 kB: at most ${highest.toFixed(0)} MB`,
  );
  expect(highest).toBeLessThan(600);
  await Promise.all([...stuck, sender].map((client) => client.endAsync(true)));
  await expectAlive();
});
