import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { endpointsFile } from "./command/endpoints.ts";
import { parsePortOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { runAndShow } from "./command/run-and-show.ts";
import { buildTemplate } from "./start/build-template.ts";
import { interrupted } from "./start/interrupted.ts";
import { npmEnded } from "./start/npm-ended.ts";
import { DEMO_HOME_FILE, type RunningHome, startHome } from "./start/start-home.ts";

const USAGE = `npm start -- [options]

  Builds the template, starts everything on this machine, runs goodnight once through the gateway, shows it, stays up.

  --once              run goodnight once, then stop; exit code 0 when every device is as asked, else 1
  --quiet             run nothing
  --empty             no home, no users, no devices: what a stack is after its first deployment; runs nothing
  --data DIR          what survives a restart (default .home)
  --faults LIST       make devices misbehave, e.g. hall_lamp=silent,front_door=refuse
                      (silent, slow:MS, refuse, offline, duplicate, jammed, springs_back:MS, coarse)
  --lan               let devices on the network in: MQTT over TLS on all interfaces, each device with the
                      certificate that npm run add-device gave it (without: loopback only)
  --gateway-port N    default 4600        --cognito-port N    default 4601
  --aws-port N        default 4602        --console-port N    default 4603
  --mqtt-port N       default 1883        --mqtt-tls-port N   default 8883, with --lan
  --mqtt-broker URL   use the MQTT broker that somebody runs on this machine, e.g. mqtt://127.0.0.1:1884 of a
                      mosquitto, instead of the embedded one`;

const parseOptions = () => {
  const { values } = parseArgs({
    options: {
      once: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      empty: { type: "boolean", default: false },
      data: { type: "string", default: ".home" },
      faults: { type: "string" },
      lan: { type: "boolean", default: false },
      "gateway-port": { type: "string", default: "4600" },
      "cognito-port": { type: "string", default: "4601" },
      "aws-port": { type: "string", default: "4602" },
      "console-port": { type: "string", default: "4603" },
      "mqtt-port": { type: "string" },
      "mqtt-tls-port": { type: "string" },
      "mqtt-broker": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.empty && (values.once || values.faults !== undefined)) {
    throw new Problem("--empty has no home to run and no devices: leave --once and --faults out.");
  }
  const tlsPort = values["mqtt-tls-port"];
  if (tlsPort !== undefined && !values.lan) {
    throw new Problem("--mqtt-tls-port is the port of --lan; give both, or neither.");
  }
  const lan = { port: parsePortOption("mqtt-tls-port", tlsPort ?? "8883") };
  if (values["mqtt-port"] !== undefined && values["mqtt-broker"] !== undefined) {
    throw new Problem(
      "--mqtt-port is the embedded broker's, whose place --mqtt-broker takes: give one of the two.",
    );
  }
  if (values.lan && values["mqtt-broker"] !== undefined) {
    throw new Problem(
      "--lan opens the embedded broker, whose place --mqtt-broker takes: give one of the two. Your own broker lets devices in by its own rules.",
    );
  }
  return {
    ...values,
    lan: values.lan ? lan : undefined,
    // Functions run in folders of their own, where a relative path would mean another one.
    data: resolve(values.data),
    ports: {
      gateway: parsePortOption("gateway-port", values["gateway-port"]),
      cognito: parsePortOption("cognito-port", values["cognito-port"]),
      aws: parsePortOption("aws-port", values["aws-port"]),
      console: parsePortOption("console-port", values["console-port"]),
      mqtt: parsePortOption("mqtt-port", values["mqtt-port"] ?? "1883"),
    },
  };
};

/** Names of a machine are not found in every home; its addresses are. */
const addressesOnTheNetwork = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);

const seconds = (sinceMs: number): string => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

const introduce = (home: RunningHome, startedAtMs: number): void => {
  const { endpoints } = home;
  print(`  gateway   ${endpoints.gateway.url}`);
  print(`  sign-in   ${endpoints.cognito.domain}`);
  print(`  console   ${endpoints.console.url}`);
  print(`  aws       ${endpoints.aws.endpoint}   (AWS_ENDPOINT_URL)`);
  print(`  mqtt      ${endpoints.mqtt.url}`);
  if (endpoints.mqtt.tlsUrl !== undefined) {
    const also = addressesOnTheNetwork().join(", ");
    print(
      `            ${endpoints.mqtt.tlsUrl}   (--lan: devices with certificates${also && `; at ${also}`})`,
    );
  }
  print(`The house is up (${seconds(startedAtMs)}).`);
};

await runCommand(async () => {
  const options = parseOptions();
  if (options.help) {
    print(USAGE);
    return 0;
  }
  const startedAtMs = Date.now();
  const stop = Promise.race([interrupted(), npmEnded()]);
  const broker = options["mqtt-broker"];
  // Loaded where it is asked for, with the MQTT client that it needs.
  const mqttBroker =
    broker === undefined
      ? undefined
      : await (await import("./start/mqtt-broker.ts")).findMqttBroker(broker);
  const home = await startHome({
    assembly: () => {
      print("Building the template …");
      return buildTemplate(join(options.data, "cdk.out"));
    },
    data: options.data,
    ports: options.ports,
    homeFile: DEMO_HOME_FILE,
    isEmpty: options.empty,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.lan === undefined ? {} : { lan: options.lan }),
    ...(mqttBroker === undefined ? {} : { mqttBroker }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    introduce(home, startedAtMs);
    let code = 0;
    if (!options.quiet && !options.empty) {
      print("\ngoodnight");
      const run = runAndShow(home.endpoints, { scene: "goodnight", reason: "npm start" }, false);
      const ended = await Promise.race([run, stop.then(() => undefined)]);
      if (ended === undefined) {
        // Its connection is about to be cut; the person who pressed Ctrl-C knows.
        run.catch(() => undefined);
        return 130;
      }
      code = ended;
    }
    if (options.once) return code;
    if (!options.quiet) {
      print(`\nSee it: ${home.endpoints.console.url}/`);
      print(`  Sign in as operator; the password is in ${endpointsFile(options.data)}.`);
    }
    const next = options.empty ? 'add-home -- "Maple Street"' : "scene -- movie_night";
    print(`\nThe house stays up. Try: npm run ${next}   Stop it with Ctrl-C.`);
    await stop;
    return 0;
  } finally {
    await home.close();
  }
});
