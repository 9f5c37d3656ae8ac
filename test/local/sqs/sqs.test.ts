import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sqs, startSqs } from "#local/sqs/sqs.ts";
import {
  ACCOUNT,
  REGION,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

let folder: string;
let endpoint: TestEndpoint;
let sqs: Sqs;
let client: SQSClient;
let nowMs: number;
const QueueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/letters";

const start = (properties: object = {}): Sqs => {
  const started = startSqs({
    file: join(folder, "sqs.sqlite"),
    region: REGION,
    accountId: ACCOUNT,
    endpointUrl: endpoint.url,
    queues: [
      { name: "letters", properties },
      { name: "others", properties: {} },
    ],
    nowMs: () => nowMs,
  });
  endpoint.register(started.service);
  return started;
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sqs-"));
  nowMs = Date.parse("2026-06-01T12:00:00Z");
  endpoint = await startTestEndpoint();
  sqs = start();
  client = new SQSClient(endpoint.client);
});
afterEach(async () => {
  client.destroy();
  sqs.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

const send = (MessageBody: string, rest: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...rest }));
const receive = async (rest: object = {}) => {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...rest }));
  return Messages;
};
const bodies = async (rest: object = {}) =>
  (await receive({ MaxNumberOfMessages: 10, ...rest })).map(({ Body }) => Body);

describe("a message", () => {
  // The SDK computes both digests itself and refuses an answer with another.
  test("comes back with its attributes, their digests and what the queue knows of it", async () => {
    const sent = await send("gute Nacht 🏠", {
      MessageAttributes: {
        ERROR_CODE: { DataType: "String", StringValue: "ServiceException" },
        count: { DataType: "Number.int", StringValue: "3" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
      },
    });
    nowMs += 1500;

    const [message] = await receive({
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });

    // md5 of the text, as any md5 program prints it.
    expect(sent.MD5OfMessageBody).toBe("a13d7d107f44ace3e6768d300d3271c5");
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "gute Nacht 🏠",
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: {
        ERROR_CODE: { DataType: "String", StringValue: "ServiceException" },
        count: { DataType: "Number.int", StringValue: "3" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
      },
      Attributes: {
        SentTimestamp: "1780315200000",
        ApproximateReceiveCount: "1",
        ApproximateFirstReceiveTimestamp: "1780315201500",
      },
    });
  });

  test("is hidden for its visibility timeout, and comes again when it was not deleted", async () => {
    await send("one");
    const [first] = await receive();
    const hidden = await bodies();
    nowMs += 30_000;
    const again = await receive({ AttributeNames: ["ApproximateReceiveCount"] });

    await client.send(
      new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again[0]?.ReceiptHandle }),
    );
    nowMs += 60_000;

    expect(first?.Body).toBe("one");
    expect(hidden).toEqual([]);
    expect(again).toMatchObject([{ Body: "one", Attributes: { ApproximateReceiveCount: "2" } }]);
    expect(await bodies()).toEqual([]);
  });

  test("is hidden for longer or shown at once, as its reader says", async () => {
    await send("one");
    const [first] = await receive({ VisibilityTimeout: 10 });
    const hide = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: first?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );

    await hide(100);
    nowMs += 50_000;
    const hidden = await bodies();
    await hide(0);

    expect(hidden).toEqual([]);
    expect(await bodies()).toEqual(["one"]);
  });

  test("that is delayed comes later, and one that is too old is gone", async () => {
    await send("now");
    await send("later", { DelaySeconds: 60 });

    const now = await bodies({ VisibilityTimeout: 0 });
    nowMs += 60_000;
    const later = await bodies({ VisibilityTimeout: 0 });
    nowMs += 345_600_000;

    expect([now, later]).toEqual([["now"], ["now", "later"]]);
    expect(await bodies()).toEqual([]);
  });

  test("ends the waiting of who asked before it was there", async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });

    await send("at last");

    expect(await waiting).toEqual(["at last"]);
  });

  // REQ: state-survives
  test("is there after a restart, in a file that its owner alone may read", async () => {
    await send("kept");

    sqs.close();
    sqs = start();

    expect(await bodies()).toEqual(["kept"]);
    expect(statSync(join(folder, "sqs.sqlite")).mode & 0o777).toBe(0o600);
  });
});

describe("a queue", () => {
  test("is found by its name, on this endpoint, and counts its messages", async () => {
    await send("visible");
    await send("delayed", { DelaySeconds: 60 });
    await receive({ MaxNumberOfMessages: 1 });
    await send("another");

    const found = await client.send(new GetQueueUrlCommand({ QueueName: "letters" }));
    const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: "let" }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: found.QueueUrl, AttributeNames: ["All"] }),
    );

    expect(found.QueueUrl).toBe(`${endpoint.url}/000000000000/letters`);
    expect(QueueUrls).toEqual([found.QueueUrl]);
    expect(Attributes).toEqual({
      QueueArn: "arn:aws:sqs:us-east-1:000000000000:letters",
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
      VisibilityTimeout: "30",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      MaximumMessageSize: "1048576",
      ReceiveMessageWaitTimeSeconds: "0",
    });
  });

  test("is emptied without touching another", async () => {
    await send("one");
    const other = { QueueUrl: QueueUrl.replace("letters", "others") };
    await client.send(new SendMessageCommand({ ...other, MessageBody: "two" }));

    await client.send(new PurgeQueueCommand({ QueueUrl }));

    expect(await bodies()).toEqual([]);
    expect(await bodies(other)).toEqual(["two"]);
  });
});

describe("refused is", () => {
  test("a queue that is not there", async () => {
    await expect(bodies({ QueueUrl: `${QueueUrl}-2` })).rejects.toMatchObject({
      name: "QueueDoesNotExist",
      message: "The specified queue does not exist.",
    });
  });

  test.each([
    ["an empty body", "", {}, "MissingParameter"],
    ["a character that XML cannot carry", "\u0001", {}, "InvalidParameterValue"],
    ["a message over 1 MiB", "x".repeat(1_048_577), {}, "InvalidParameterValue"],
    ["a delay over 15 minutes", "x", { DelaySeconds: 901 }, "InvalidParameterValue"],
    [
      "an attribute without a value",
      "x",
      { MessageAttributes: { a: { DataType: "String", StringValue: "" } } },
      "InvalidParameterValue",
    ],
    ["a FIFO queue's group", "x", { MessageGroupId: "g" }, "NotEmulated"],
  ])("%s", async (_what, body, rest, name) => {
    await expect(send(body, rest)).rejects.toMatchObject({
      name: expect.stringContaining(name) as string,
    });
  });

  test("an operation that is not imitated, by its name", async () => {
    await expect(client.send(new CreateQueueCommand({ QueueName: "made" }))).rejects.toMatchObject({
      name: "NotEmulated",
      message: expect.stringContaining("SQS CreateQueue") as string,
    });
  });

  test.each([
    ["a FIFO queue", { FifoQueue: true }, "FifoQueue"],
    ["a redrive policy", { RedrivePolicy: {} }, "RedrivePolicy"],
  ])("%s of the template", (_what, properties, named) => {
    sqs.close();

    expect(() => start(properties)).toThrow(
      `Queue letters: ${named}: the local stack does not imitate it`,
    );
  });
});
