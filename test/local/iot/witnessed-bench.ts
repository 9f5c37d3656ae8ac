import { UpdateCertificateCommand } from "@aws-sdk/client-iot";
import {
  GetConnectionCommand,
  GetThingShadowCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import type { MqttClient } from "mqtt";
import { type IotBenchOptions, listen, parsed } from "./support.ts";
import { type Device, type SecureBench, startSecureBench } from "./tls/secure-bench.ts";

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
/** What a device may have beside the template's policy, or in its place. */
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

/** The bench of the test file that started it: each file loads this module for itself. */
export let bench: SecureBench;
/** Connected on the loopback port, where nobody needs a certificate; hears everything. */
export let witness: MqttClient;
/** What the witness heard, and hears next. */
export let heard: Awaited<ReturnType<typeof listen>>;
/** Starts it, with its TLS port and the witness; whoever starts it closes it. */
export const startWitnessedBench = async (
  options: Pick<IotBenchOptions, "nowMs"> = {},
): Promise<void> => {
  bench = await startSecureBench({ policies: POLICIES, ...options });
  witness = await bench.connect({ clientId: "witness" });
  heard = await listen(witness, ["#", "$aws/#"]);
};

let marks = 0;
/** Resolves when everything that was said before has been heard. */
export const silence = async (): Promise<void> => {
  const topic = `mark/${++marks}`;
  await witness.publishAsync(topic, "", { qos: 1 });
  await heard.next(topic);
};
/** What was said on a topic so far. */
export const textsOn = (topic: string): readonly string[] =>
  heard.all.filter((each) => each.topic === topic).map(({ text }) => text);
/** A thing's events of presence so far: connected, disconnected. */
export const presenceOf = (thing: string): readonly unknown[] =>
  heard.all
    .filter(({ topic }) => topic.startsWith("$aws/events/presence/") && topic.endsWith(`/${thing}`))
    .map(({ text }) => parsed(text).eventType);
/** What GetConnection tells of a client. */
export const connectionOf = (clientId: string) =>
  bench.dataPlane.send(new GetConnectionCommand({ clientId, includeSocketInformation: true }));
/** The event of a thing's next disconnection that was not taken yet; waits for it. */
export const endOf = async (thing: string): Promise<Readonly<Record<string, unknown>>> =>
  parsed((await heard.next(`$aws/events/presence/disconnected/${thing}`)).text);

/** Wants a thing on or off, in its shadow. */
export const wish = (thingName: string, on: boolean) =>
  bench.dataPlane.send(
    new UpdateThingShadowCommand({
      thingName,
      payload: JSON.stringify({ state: { desired: { on } } }),
    }),
  );
/** The version of a thing's shadow. */
export const versionOf = async (thingName: string): Promise<unknown> => {
  const { payload } = await bench.dataPlane.send(new GetThingShadowCommand({ thingName }));
  return parsed(Buffer.from(payload ?? []).toString()).version;
};
/** Sets a certificate's status. */
export const setStatus = (device: Device, newStatus: "ACTIVE" | "INACTIVE" | "REVOKED") =>
  bench.control.send(
    new UpdateCertificateCommand({ certificateId: device.certificateId, newStatus }),
  );
