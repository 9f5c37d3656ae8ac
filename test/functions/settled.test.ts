import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetThingShadowCommand, IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settled } from "#adapters/sdk/settled.ts";

let asked: IncomingHttpHeaders[];
let answers: { readonly status: number; readonly body: string }[];
let endpoint: string;
let close: () => void;

beforeEach(async () => {
  asked = [];
  answers = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    const { status, body } = answers.shift() ?? { status: 200, body: "{}" };
    request.resume().on("end", () => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => close());

/** The access key that each request was signed with. */
const signedWith = (): readonly unknown[] =>
  asked.map(({ authorization }) => /Credential=(\w+)\//.exec(authorization ?? "")?.[1]);

const KEY = { TableName: "audit", Key: { PK: { S: "one" } } };

const settings = () => {
  let turn = 0;
  return {
    endpoint,
    region: "eu-central-1",
    cacheMiddleware: true,
    // No provider's own time: each call asks anew.
    credentials: async () => {
      turn += 1;
      return { accessKeyId: `KEY${turn}`, secretAccessKey: "secret", expiration: new Date(0) };
    },
  };
};

test("each call is signed with the credentials of its moment, as without it", async () => {
  const bare = new DynamoDBClient(settings());
  for (let call = 0; call < 3; call += 1) await bare.send(new GetItemCommand(KEY));
  const expected = signedWith();
  asked = [];

  const client = settled(new DynamoDBClient(settings()));
  for (let call = 0; call < 3; call += 1) await client.send(new GetItemCommand(KEY));

  expect(new Set(expected).size).toBe(3);
  expect(signedWith()).toEqual(expected);
});

test("what went wrong for a moment is tried again, and what is wrong is told by its name", async () => {
  const client = settled(new DynamoDBClient(settings()));
  answers.push({ status: 500, body: "{}" }, { status: 200, body: '{"Item":{"PK":{"S":"one"}}}' });

  const found = await client.send(new GetItemCommand(KEY));
  const type = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";
  answers.push({ status: 400, body: JSON.stringify({ __type: type, message: "none" }) });
  const refused = client.send(new GetItemCommand(KEY));

  expect(found.Item).toEqual({ PK: { S: "one" } });
  expect(asked).toHaveLength(2);
  await expect(refused).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a signer that could not be made is made by the next call", async () => {
  const bare = new DynamoDBClient(settings());
  const { signer } = bare.config;
  let turn = 0;
  bare.config.signer = async (scheme) => {
    turn += 1;
    if (turn === 1) throw new Error("not yet");
    return signer(scheme);
  };
  const client = settled(bare);

  await expect(client.send(new GetItemCommand(KEY))).rejects.toThrow("not yet");
  await client.send(new GetItemCommand(KEY));
  await client.send(new GetItemCommand(KEY));

  expect(asked).toHaveLength(2);
  expect(turn).toBe(2);
});

test("an API that speaks REST is written and read as ever", async () => {
  const client = settled(new IoTDataPlaneClient(settings()));
  answers.push({ status: 200, body: '{"state":{}}' });

  const { payload } = await client.send(new GetThingShadowCommand({ thingName: "lamp" }));

  expect(Buffer.from(payload ?? []).toString("utf8")).toBe('{"state":{}}');
  expect(signedWith()).toEqual([expect.stringMatching(/^KEY/)]);
});
