import {
  DeleteThingShadowCommand,
  GetThingShadowCommand,
  IoTDataPlaneServiceException,
  ListNamedShadowsForThingCommand,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import type { MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  compare,
  FIRST_SECOND,
  type Observed,
  payloadOf,
  type Step,
  vectors,
} from "../../infra/iot/iot-vectors.ts";
import { mosquittoPath, startMosquitto } from "../../support/mosquitto.ts";
import { type IotBench, listen, startIotBench } from "./support.ts";

const brokers = [
  { broker: "the embedded broker", present: true },
  {
    broker: `mosquitto${mosquittoPath === undefined ? " (needs Debian's mosquitto)" : ""}`,
    present: mosquittoPath !== undefined,
  },
] as const;

for (const { broker, present } of brokers) {
  describe.skipIf(!present)(`with ${broker}`, () => {
    let now = FIRST_SECOND;
    let bench: IotBench;
    let stopBroker = async (): Promise<void> => {};
    let device: MqttClient;

    beforeAll(async () => {
      const external = broker === "the embedded broker" ? undefined : await startMosquitto();
      if (external !== undefined) stopBroker = external.close;
      bench = await startIotBench({
        nowMs: () => now * 1000,
        ...(external === undefined ? {} : { mqtt: { kind: "external", url: external.url } }),
      });
      device = await bench.connect();
    });
    afterAll(async () => {
      await bench.close();
      await stopBroker();
    });

    /** Everything the service published for a shadow before this call. */
    const published = async (
      heard: Awaited<ReturnType<typeof listen>>,
      prefix: string,
      mark: string,
    ): Promise<readonly { readonly name: string; readonly text: string }[]> => {
      await bench.dataPlane.send(new PublishCommand({ topic: mark, qos: 1, payload: "mark" }));
      await heard.next(mark);
      return heard.all
        .filter(({ topic }) => topic.startsWith(`${prefix}/`) && topic.split("/").length > 5)
        .map(({ topic, text }) => ({ name: topic.slice(prefix.length + 1), text }));
    };

    const observed = (
      answers: readonly { readonly name: string; readonly text: string }[],
      operation: string,
    ): Observed => {
      const text = (name: string): string | undefined =>
        answers.find((each) => each.name === `${operation}/${name}`)?.text;
      const part = (name: "accepted" | "rejected" | "documents" | "delta") => {
        const found = text(name);
        return found === undefined ? {} : { [name]: found };
      };
      return {
        ...part("accepted"),
        ...part("rejected"),
        ...part("documents"),
        ...part("delta"),
        published: answers.map(({ name }) => name.slice(operation.length + 1)),
      };
    };

    const names = async (thing: string): Promise<Observed> => {
      const { results = [] } = await bench.dataPlane.send(
        new ListNamedShadowsForThingCommand({ thingName: thing }),
      );
      return { names: results };
    };

    const prefixOf = (thing: string, step: Step): string =>
      `$aws/things/${thing}/shadow${step.shadow === undefined ? "" : `/name/${step.shadow}`}`;

    const operationOf = (step: Step): "get" | "delete" | "update" =>
      step.get === undefined ? (step.delete === undefined ? "update" : "delete") : "get";

    describe("over MQTT the service agrees with", () => {
      test.for(vectors)("$name", async ({ thing: name, steps }) => {
        const thing = `mqtt-${name}`;
        now = FIRST_SECOND;

        for (const [index, step] of steps.entries()) {
          if (step.list) {
            compare(await names(thing), step.expect, thing);
          } else {
            const prefix = prefixOf(thing, step);
            const mark = `mark/${thing}/${index}`;
            const heard = await listen(device, [`${prefix}/+/+`, mark]);
            const operation = operationOf(step);
            const request = step.get ?? step.delete ?? step.update ?? null;
            await device.publishAsync(`${prefix}/${operation}`, payloadOf(request), { qos: 1 });
            await expect
              .poll(() => heard.all.some(({ topic }) => /\/(accepted|rejected)$/.test(topic)), {
                interval: 1,
                timeout: 10_000,
              })
              .toBe(true);
            const answers = await published(heard, prefix, mark);
            compare(observed(answers, operation), step.expect, thing);
            device.removeAllListeners("message");
            await device.unsubscribeAsync([`${prefix}/+/+`, mark]);
          }
          now += 10;
        }
      });
    });

    describe("over HTTP the service agrees with", () => {
      test.for(vectors)("$name", async ({ thing: name, steps }) => {
        const thing = `http-${name}`;
        now = FIRST_SECOND;

        for (const [index, step] of steps.entries()) {
          if (step.list) {
            compare(await names(thing), step.expect, thing);
          } else {
            const prefix = prefixOf(thing, step);
            const mark = `mark/${thing}/${index}`;
            const heard = await listen(device, [`${prefix}/+/+`, mark]);
            const answer = await send(bench, thing, step);
            const answers = await published(heard, prefix, mark);
            // A token has no place in a GET or DELETE over HTTP.
            const token = step.get !== undefined || step.delete !== undefined;
            const told = observed(answers, operationOf(step));
            if (answer.rejected !== undefined) expect(answers).toEqual([]);
            else if (step.update !== undefined) expect(answer.accepted).toBe(told.accepted);
            compare(
              { ...told, ...answer },
              token ? untokened(step.expect) : untimed(step.expect),
              thing,
            );
            device.removeAllListeners("message");
            await device.unsubscribeAsync([`${prefix}/+/+`, mark]);
          }
          now += 10;
        }
      });
    });
  });
}

type Expected = Step["expect"];

/** Over HTTP a rejection is a status and a message. */
const untimed = ({ rejectedExactly, rejectedText, ...expected }: Expected): Expected => {
  const whole = rejectedExactly ?? (rejectedText === undefined ? undefined : parse(rejectedText));
  const { code, message } = whole ?? {};
  return code === undefined || message === undefined
    ? expected
    : { ...expected, rejected: { code, message } };
};

const untokened = (expected: Expected): Expected => {
  const { acceptedExactly, ...rest } = untimed(expected);
  if (acceptedExactly === undefined) return rest;
  const { clientToken: _token, ...document } = acceptedExactly;
  return { ...rest, acceptedExactly: document };
};

const parse = (text: string): NonNullable<Expected["rejected"]> =>
  JSON.parse(text) as NonNullable<Expected["rejected"]>;

/** One request with the SDK's client. */
const send = async (bench: IotBench, thingName: string, step: Step): Promise<Observed> => {
  const id = { thingName, ...(step.shadow === undefined ? {} : { shadowName: step.shadow }) };
  try {
    const { payload } =
      step.get !== undefined
        ? await bench.dataPlane.send(new GetThingShadowCommand(id))
        : step.delete !== undefined
          ? await bench.dataPlane.send(new DeleteThingShadowCommand(id))
          : await bench.dataPlane.send(
              new UpdateThingShadowCommand({ ...id, payload: payloadOf(step.update ?? null) }),
            );
    return { accepted: Buffer.from(payload ?? []).toString("utf8") };
  } catch (error) {
    if (!(error instanceof IoTDataPlaneServiceException)) throw error;
    const { httpStatusCode: code } = error.$metadata;
    return { rejected: JSON.stringify({ code, message: error.message }) };
  }
};
