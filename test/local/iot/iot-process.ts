// The IoT core as a process of its own, for tests that kill it and for the benchmark.
// Arguments: the database file, the broker's URL or "embedded", the AWS endpoint for rules, the rules as JSON.
import { startIot } from "#local/iot/iot.ts";

const [file = ":memory:", broker = "embedded", endpoint = "http://localhost:9", rules = "[]"] =
  process.argv.slice(2);

const iot = await startIot({
  file,
  mqtt: broker === "embedded" ? { kind: "embedded", port: 0 } : { kind: "external", url: broker },
  region: "us-east-1",
  accountId: "000000000000",
  access: () => ({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
  }),
  rules: JSON.parse(rules) as { name: string; properties: unknown }[],
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${iot.mqttUrl}\n`);
process.on("disconnect", () => {
  void iot.close().finally(() => process.exit(0));
});
