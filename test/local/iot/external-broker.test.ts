import {
  GetConnectionCommand,
  GetRetainedMessageCommand,
  GetThingShadowCommand,
  ListRetainedMessagesCommand,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Mosquitto, mosquittoPath, startMosquitto } from "../../support/mosquitto.ts";
import { containing } from "./matchers.ts";
import { type IotBench, listen, startIotBench } from "./support.ts";

const missing = mosquittoPath === undefined;
const REPEAT = {
  name: "Repeat",
  properties: {
    TopicRulePayload: {
      AwsIotSqlVersion: "2016-03-23",
      Sql: "SELECT * FROM 'said/+'",
      Actions: [{ Republish: { RoleArn: "arn:aws:iam::0:role/r", Topic: "repeated", Qos: 1 } }],
    },
  },
};

describe.skipIf(missing)("a broker that somebody runs (needs Debian's mosquitto)", () => {
  let mosquitto: Mosquitto;
  let bench: IotBench;
  beforeEach(async () => {
    mosquitto = await startMosquitto();
    bench = await startIotBench({
      mqtt: { kind: "external", url: mosquitto.url },
      rules: [REPEAT],
    });
  });
  afterEach(async () => {
    await bench.close();
    await mosquitto.close();
  });

  const logged = (line: string) =>
    expect.poll(() => bench.log.filter((one) => one.includes(line)), { timeout: 10_000 });
  const retain = (topic: string) =>
    bench.dataPlane.send(
      new PublishCommand({ topic, qos: 1, retain: true, payload: "an old wish" }),
    );
  const refused = { name: "InternalFailureException", $metadata: { httpStatusCode: 500 } };

  // REQ: broker-comes-back
  test("is subscribed to again after its restart, by shadows and rules, and the log says once that it was away", async () => {
    await mosquitto.stop();
    await logged("is away").toHaveLength(1);
    await mosquitto.start();
    await logged("is back").toHaveLength(1);

    const device = await bench.connect();
    const heard = await listen(device, ["$aws/things/lamp/shadow/update/accepted", "repeated"]);
    const update = '{"state":{"reported":{"on":true}}}';
    // A connection says that it is back before its subscription is granted.
    await expect
      .poll(
        async () => {
          await device.publishAsync("$aws/things/lamp/shadow/update", update, { qos: 1 });
          await device.publishAsync("said/here", "{}", { qos: 1 });
          return new Set(heard.all.map(({ topic }) => topic)).size;
        },
        { timeout: 10_000 },
      )
      .toBe(2);

    expect(bench.log).toEqual([
      `The MQTT broker at ${mosquitto.url} is away; trying again.`,
      `The MQTT broker at ${mosquitto.url} is back.`,
    ]);
  });

  /** What a device that comes now is told of the wish, and of the end that is published then. */
  const keptTopics = async (): Promise<readonly string[]> => {
    const device = await bench.connect();
    const heard = await listen(device, ["wish", "end"]);
    await bench.dataPlane.send(new PublishCommand({ topic: "end", qos: 1, payload: "" }));
    await heard.next("end");
    return heard.all.map(({ topic }) => topic);
  };

  // REQ: broker-comes-back
  test("that is away takes no message, and is not sent it when it is back", async () => {
    await mosquitto.stop();
    await logged("is away").toHaveLength(1);

    const sent = retain("wish");
    await expect(sent).rejects.toMatchObject(refused);
    await mosquitto.start();
    await logged("is back").toHaveLength(1);

    expect(await keptTopics()).toEqual(["end"]);
  });

  // REQ: broker-comes-back
  test("that goes before it has taken a message makes the message fail, and is not sent it either", async () => {
    mosquitto.freeze();
    const sent = retain("wish");
    const failed = expect(sent).rejects.toMatchObject(refused);
    // A later request was answered: the message is on its way.
    await bench.dataPlane.send(
      new UpdateThingShadowCommand({ thingName: "lamp", payload: '{"state":{}}' }),
    );
    await mosquitto.stop();
    await failed;
    await mosquitto.start();
    await logged("is back").toHaveLength(1);

    expect(await keptTopics()).toEqual(["end"]);
  });

  test("that is away keeps nobody from reading and writing shadows over HTTP", async () => {
    await mosquitto.stop();
    await logged("is away").toHaveLength(1);
    const thingName = "lamp";
    const payload = '{"state":{"desired":{"on":null}}}';

    await bench.dataPlane.send(new UpdateThingShadowCommand({ thingName, payload }));

    const shadow = await bench.dataPlane.send(new GetThingShadowCommand({ thingName }));
    expect(JSON.parse(Buffer.from(shadow.payload ?? []).toString())).toMatchObject({ version: 1 });
  });

  test.each([
    ["GetConnection", new GetConnectionCommand({ clientId: "c" })],
    ["GetRetainedMessage", new GetRetainedMessageCommand({ topic: "a" })],
    ["ListRetainedMessages", new ListRetainedMessagesCommand({})],
  ])("does not tell what %s asks for, which is refused by name", async (name, command) => {
    const sent = bench.dataPlane.send(command as GetConnectionCommand);

    await expect(sent).rejects.toMatchObject({
      name: "NotEmulated",
      message: containing(name),
    });
  });
});

// REQ: other-broker
test("a broker that does not answer is one clear error", async () => {
  const started = startIotBench({ mqtt: { kind: "external", url: "mqtt://127.0.0.1:1" } });

  await expect(started).rejects.toMatchObject({ code: "StartFailed" });
});
