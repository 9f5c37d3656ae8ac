import {
  GetConnectionCommand,
  GetRetainedMessageCommand,
  GetThingShadowCommand,
  ListNamedShadowsForThingCommand,
  ListRetainedMessagesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { callAws } from "#local/wire/aws-call.ts";
import type { Mosquitto } from "../../support/mosquitto.ts";
import { startProjectBroker } from "../../support/project-broker.ts";
import { containing } from "./matchers.ts";
import { type IotBench, listen, startIotBench } from "./support.ts";

// Runs with the embedded broker, and again with mosquitto in the project journeys-on-mosquitto.
// What another broker does not tell is not asked of it; that it is NotEmulated there is tested in external-broker.test.ts.
const describeOfEmbedded = (name: string, tests: () => void): void => {
  if (inject("broker") !== "mosquitto") describe(name, tests);
};
let mosquitto: Mosquitto | undefined;
let bench: IotBench;
beforeAll(async () => {
  mosquitto = await startProjectBroker();
  bench = await startIotBench({
    allows: ({ resource }) => !resource.includes("forbidden"),
    ...(mosquitto === undefined ? {} : { mqtt: { kind: "external", url: mosquitto.url } }),
  });
});
afterAll(async () => {
  await bench?.close();
  await mosquitto?.close();
});
afterEach(() => {
  expect(bench.log.filter((line) => line.includes("AWS endpoint"))).toEqual([]);
});

/** A request as it goes over the wire, for what no SDK would send. */
const plain = (
  method: "GET" | "POST" | "DELETE" | "PUT",
  path: string,
  body = "",
  service = "iotdata",
) =>
  callAws(
    {
      endpoint: bench.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    },
    { service, method, path, body },
  );

describe("Publish", () => {
  test("reaches subscribers, with topic, QoS and retain as asked", async () => {
    const heard = await listen(await bench.connect(), "home/+/état");

    await bench.dataPlane.send(
      new PublishCommand({ topic: "home/a b/état", qos: 1, retain: true, payload: "hello" }),
    );

    expect(await heard.next("home/a b/état")).toMatchObject({ text: "hello", qos: 1 });
    const later = await listen(await bench.connect(), "home/+/état");
    expect(await later.next("home/a b/état")).toMatchObject({ text: "hello", retain: true });
  });

  test("takes the topic also with slashes that are not encoded", async () => {
    const heard = await listen(await bench.connect(), "plain/topic");

    const answer = await plain("POST", "/topics/plain/topic?qos=1", "x", "iotdevicegateway");

    expect(answer.status).toBe(200);
    expect((await heard.next("plain/topic")).text).toBe("x");
  });

  test("on a shadow's update topic is a shadow update, rejections and all", async () => {
    const heard = await listen(await bench.connect(), "$aws/things/published/shadow/#");
    const topic = "$aws/things/published/shadow/update";

    await bench.dataPlane.send(
      new PublishCommand({
        topic,
        qos: 1,
        payload: '{"state":{"desired":{"on":true}},"clientToken":"t"}',
      }),
    );
    await bench.dataPlane.send(new PublishCommand({ topic, qos: 1, payload: "{" }));

    expect((await heard.next(`${topic}/accepted`)).text).toContain('"clientToken":"t"');
    expect((await heard.next(`${topic}/delta`)).text).toContain('"state":{"on":true}');
    await heard.next(`${topic}/documents`);
    expect((await heard.next(`${topic}/rejected`)).text).toContain('"message":"Invalid JSON"');
  });

  test.for([
    [
      "on a response topic of the shadow service",
      "$aws/things/x/shadow/update/accepted",
      403,
      "ForbiddenException",
    ],
    ["on a reserved topic", "$aws/anything", 403, "ForbiddenException"],
    ["with a wildcard", "a/+", 400, "InvalidRequestException"],
    ["on a topic of 257 bytes", "x".repeat(257), 400, "InvalidRequestException"],
    ["on a topic with eight slashes", "1/2/3/4/5/6/7/8/9", 400, "InvalidRequestException"],
  ] as const)("%s is refused", async ([, topic, status, name]) => {
    const sent = bench.dataPlane.send(new PublishCommand({ topic, payload: "x" }));

    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });

  test.for([
    ["?qos=2", "", 400],
    ["?qos=x", "", 400],
    ["?retain=maybe", "", 400],
    ["", "x".repeat(128 * 1024 + 1), 413],
  ] as const)("with %s and a body of %s… is refused", async ([query, body, status]) => {
    const answer = await plain("POST", `/topics/a${query}`, body);

    expect(answer.status).toBe(status);
  });

  test("with a path that is not percent-encoded UTF-8 is refused", async () => {
    const answer = await plain("POST", "/topics/%ff", "x");

    expect(answer.status).toBe(400);
  });
});

describe("shadows", () => {
  test("of names that AWS does not allow are refused", async () => {
    const thing = bench.dataPlane.send(new GetThingShadowCommand({ thingName: "a b" }));
    const shadow = bench.dataPlane.send(
      new GetThingShadowCommand({ thingName: "a", shadowName: "x".repeat(65) }),
    );

    await expect(thing).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(shadow).rejects.toMatchObject({ name: "InvalidRequestException" });
  });

  test("errors carry AWS's types", async () => {
    const names: unknown[] = [];
    const messages: string[] = [];
    for (const payload of [
      "{",
      '{"state":{"desired":{"a":1}},"version":9}',
      Buffer.from([0x22, 0xff, 0x22]),
      JSON.stringify({ state: { desired: { a: "x".repeat(8200) } } }),
    ]) {
      const thingName = "errors";
      await bench.dataPlane.send(
        new UpdateThingShadowCommand({ thingName, payload: '{"state":{}}' }),
      );
      await bench.dataPlane
        .send(new UpdateThingShadowCommand({ thingName, payload }))
        .catch((error: Error & { $metadata: { httpStatusCode?: number } }) => {
          names.push(`${error.$metadata.httpStatusCode} ${error.name}`);
          messages.push(error.message);
        });
    }

    expect(names).toEqual([
      "400 InvalidRequestException",
      "409 ConflictException",
      "415 UnsupportedDocumentEncodingException",
      "413 RequestEntityTooLargeException",
    ]);
    expect(messages.at(-1)).toBe("Json document too large.  Size is 8208, max allowed: 8192");
  });

  test("with names are listed in pages", async () => {
    const thingName = "paged";
    for (let index = 0; index < 7; index++) {
      const payload = '{"state":{"desired":{"a":1}}}';
      await bench.dataPlane.send(
        new UpdateThingShadowCommand({ thingName, shadowName: `s${index}`, payload }),
      );
    }
    const pages: (readonly string[])[] = [];
    let nextToken: string | undefined;

    do {
      const page = await bench.dataPlane.send(
        new ListNamedShadowsForThingCommand({ thingName, pageSize: 3, nextToken }),
      );
      pages.push(page.results ?? []);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);

    expect(pages).toEqual([["s0", "s1", "s2"], ["s3", "s4", "s5"], ["s6"]]);
  });

  test("of an unknown thing are an empty list", async () => {
    const page = await bench.dataPlane.send(
      new ListNamedShadowsForThingCommand({ thingName: "nobody" }),
    );

    expect(page.results).toEqual([]);
    expect(page.timestamp).toBeGreaterThan(1_700_000_000);
  });
});

// What another broker keeps and knows it does not tell (external-broker.test.ts).
describeOfEmbedded("retained messages of the embedded broker", () => {
  test("are told with payload, QoS and time", async () => {
    const topic = "home/a b/état";
    await bench.dataPlane.send(
      new PublishCommand({ topic, qos: 1, retain: true, payload: "hello" }),
    );

    const found = await bench.dataPlane.send(new GetRetainedMessageCommand({ topic }));

    expect(Buffer.from(found.payload ?? []).toString()).toBe("hello");
    expect(found).toMatchObject({ topic, qos: 1 });
    expect(found.lastModifiedTime).toBeGreaterThan(1_700_000_000_000);
  });

  test("are listed in pages without their payloads", async () => {
    const device = await bench.connect();
    for (const name of ["a", "b", "c"]) {
      await device.publishAsync(`kept/${name}`, "12345", { qos: 1, retain: true });
    }
    const topics: unknown[] = [];
    let nextToken: string | undefined;

    do {
      const page = await bench.dataPlane.send(
        new ListRetainedMessagesCommand({ maxResults: 2, nextToken }),
      );
      topics.push(...(page.retainedTopics ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);

    const kept = topics.filter((each) => JSON.stringify(each).includes("kept/"));
    expect(kept).toHaveLength(3);
    expect(kept[0]).toMatchObject({ topic: "kept/a", payloadSize: 5, qos: 1 });
  });

  test("that are not there are not found", async () => {
    const sent = bench.dataPlane.send(new GetRetainedMessageCommand({ topic: "kept/nothing" }));

    await expect(sent).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describeOfEmbedded("GetConnection with the embedded broker", () => {
  test("tells whether a client is connected, and why it is not", async () => {
    const device = await bench.connect({ clientId: "known", keepalive: 77, clean: false });
    const command = new GetConnectionCommand({ clientId: "known", includeSocketInformation: true });

    const before = await bench.dataPlane.send(command);
    await device.endAsync();

    expect(before).toMatchObject({
      clientId: "known",
      connected: true,
      cleanSession: false,
      keepAliveDuration: 77,
      sourceIp: "127.0.0.1",
      targetPort: bench.iot.mqttPort,
      sessionExpiry: 3600,
    });
    await expect
      .poll(() => bench.dataPlane.send(command), { timeout: 10_000 })
      .toMatchObject({ connected: false, disconnectReason: "CLIENT_INITIATED_DISCONNECT" });
  });

  test("knows nothing of a client that was never there", async () => {
    const sent = bench.dataPlane.send(new GetConnectionCommand({ clientId: "nobody" }));

    await expect(sent).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("permissions", () => {
  test.for([
    ["GET", "/things/t/shadow", "iot:GetThingShadow", "thing/t"],
    ["GET", "/things/t/shadow?name=s", "iot:GetThingShadow", "thing/t/s"],
    ["POST", "/things/t/shadow", "iot:UpdateThingShadow", "thing/t"],
    ["DELETE", "/things/t/shadow?name=s", "iot:DeleteThingShadow", "thing/t/s"],
    [
      "GET",
      "/api/things/shadow/ListNamedShadowsForThing/t",
      "iot:ListNamedShadowsForThing",
      "thing/t",
    ],
    ["POST", "/topics/a%2Fb", "iot:Publish", "topic/a/b"],
    ["GET", "/retainedMessage/a%2Fb", "iot:GetRetainedMessage", "topic/a/b"],
    ["GET", "/connections/c", "iot:GetConnection", "client/c"],
  ] as const)("%s %s needs %s", async ([method, path, action, resource]) => {
    await plain(method, path, "{}");

    expect(bench.permissions.at(-1)).toEqual({
      action,
      resource: `arn:aws:iot:us-east-1:000000000000:${resource}`,
    });
  });

  test("a retained message needs iot:RetainPublish too", async () => {
    await plain("POST", "/topics/a?retain=true", "");

    expect(bench.permissions.slice(-2).map(({ action }) => action)).toEqual([
      "iot:Publish",
      "iot:RetainPublish",
    ]);
  });

  test("that are missing change nothing", async () => {
    const sent = bench.dataPlane.send(
      new UpdateThingShadowCommand({
        thingName: "forbidden",
        payload: '{"state":{"desired":{"a":1}}}',
      }),
    );
    await expect(sent).rejects.toMatchObject({ name: "AccessDeniedException" });

    const heard = await listen(await bench.connect(), "$aws/things/forbidden/shadow/get/+");
    const device = await bench.connect();
    await device.publishAsync("$aws/things/forbidden/shadow/get", "", { qos: 1 });

    await heard.next("$aws/things/forbidden/shadow/get/rejected");
  });
});

describe("the control plane", () => {
  const control = async (method: "GET" | "POST" | "DELETE", path: string, body = "") => {
    const answer = await plain(method, path, body, "iot");
    return { status: answer.status, body: JSON.parse(answer.body.toString()) as unknown };
  };

  test("registers, describes, lists and removes things; the shadow stays", async () => {
    const attributes = { attributePayload: { attributes: { kind: "lamp" } } };
    const payload = '{"state":{"reported":{"on":true}}}';
    await bench.dataPlane.send(new UpdateThingShadowCommand({ thingName: "registered", payload }));

    const created = await control("POST", "/things/registered", JSON.stringify(attributes));
    const again = await control("POST", "/things/registered", JSON.stringify(attributes));
    const other = await control("POST", "/things/registered", "{}");
    const described = await control("GET", "/things/registered");
    const listed = await control("GET", "/things");
    const removed = await control("DELETE", "/things/registered");
    const gone = await control("GET", "/things/registered");
    const shadow = await bench.dataPlane.send(
      new GetThingShadowCommand({ thingName: "registered" }),
    );

    expect(created).toMatchObject({
      status: 200,
      body: { thingArn: "arn:aws:iot:us-east-1:000000000000:thing/registered" },
    });
    expect(again).toEqual(created);
    expect(other.status).toBe(409);
    expect(described.body).toMatchObject({ attributes: { kind: "lamp" }, version: 1 });
    expect(listed.body).toMatchObject({ things: [{ thingName: "registered" }] });
    expect(removed.status).toBe(200);
    expect(gone.status).toBe(404);
    expect(Buffer.from(shadow.payload ?? []).toString()).toContain('"on":true');
  });

  test("gives a thing three attributes, such as its kind and its home", async () => {
    const attributes = { kind: "light", home: "maple_street", "a.b,c@d/e:f#g-h": "x=[1]" };
    const body = JSON.stringify({ attributePayload: { attributes } });

    const created = await control("POST", "/things/maple_street-lamp", body);
    const described = await control("GET", "/things/maple_street-lamp");
    await control("DELETE", "/things/maple_street-lamp");

    expect(created.status).toBe(200);
    expect(described.body).toMatchObject({ attributes });
  });

  test.for([
    ["a fourth", { a: "1", b: "2", c: "3", d: "4" }, "at most 3 attributes"],
    ["a number", { a: 1 }, "An attribute's value is a text"],
    ["a value with a space", { a: "1 2" }, 'The attribute "a" does not match'],
    ["a value of 801 characters", { a: "a".repeat(801) }, 'The attribute "a" does not match'],
    ["a name with a space", { "a b": "1" }, 'The attribute "a b" does not match'],
    ["no name", { "": "1" }, 'The attribute "" does not match'],
  ] as const)("does not give a thing %s", async ([, attributes, why]) => {
    const body = JSON.stringify({ attributePayload: { attributes } });

    const created = await control("POST", "/things/refused", body);
    const described = await control("GET", "/things/refused");

    expect(created.status).toBe(400);
    expect(JSON.stringify(created.body)).toContain(JSON.stringify(why).slice(1, -1));
    expect(described.status).toBe(404);
  });

  test("tells where devices connect", async () => {
    const endpoint = await control("GET", "/endpoint?endpointType=iot%3AData-ATS");

    expect(endpoint.body).toEqual({ endpointAddress: `localhost:${bench.iot.mqttPort}` });
  });
});

describe("what is not imitated says so by name", () => {
  test("an operation that the SDK knows", async () => {
    const sent = bench.dataPlane.send(new ListSubscriptionsCommand({ clientId: "c" }));

    await expect(sent).rejects.toMatchObject({
      name: "NotEmulated",
      message: containing("ListSubscriptions"),
    });
  });

  test("a path that nobody knows", async () => {
    const answer = await plain("PUT", "/things/x/shadow", "{}");

    expect(answer.status).toBe(501);
    expect(answer.body.toString()).toContain("PUT /things/x/shadow");
  });
});
