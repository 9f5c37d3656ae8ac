import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttributeValue, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  DescribeCertificateCommand,
  DetachThingPrincipalCommand,
  IoTClient,
  ListThingPrincipalsCommand,
  ListThingsCommand,
  type ThingAttribute,
} from "@aws-sdk/client-iot";
import { IoTDataPlaneClient, UpdateThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Device } from "#domain/home/device.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { registerDevice } from "../../../scripts/devices/register-device.ts";
import { localRegistry } from "../../../scripts/devices/registry.ts";
import { type Ended, ROOT, runLine, runScript } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { readmeBlock, readmeLine } from "../../support/readme.ts";

type Item = Readonly<Record<string, unknown>>;

const HOME = parseHomeId("home");
const LAN = { port: 0, host: "127.0.0.1" };
const JQ = "/usr/bin/jq";
const MOSQUITTO = "/usr/bin/mosquitto_sub";

let house: Journey;
let scratch: string;
const devices = new Set<ChildProcess>();

beforeAll(async () => {
  house = await startJourney({ lan: LAN });
  scratch = mkdtempSync(join(tmpdir(), "device-"));
  symlinkSync(join(ROOT, "node_modules"), join(scratch, "node_modules"));
  writeFileSync(join(scratch, "device.mjs"), readmeBlock("// device.mjs"));
  writeFileSync(join(scratch, "device.sh"), readmeBlock("# device.sh"));
});
afterEach(async () => {
  for (const device of devices) {
    if (device.pid === undefined || device.exitCode !== null || device.signalCode !== null)
      continue;
    process.kill(-device.pid, "SIGKILL");
    await once(device, "exit");
  }
  devices.clear();
});
afterAll(async () => {
  await house?.close();
  rmSync(scratch, { recursive: true, force: true });
});

const add = (...args: readonly string[]): Promise<Ended> =>
  runScript("add-device.ts", [...args, "--data", house.data]);

/** Starts a device in a process group of its own: a shell has children. */
const start = (command: string, args: readonly string[]): ChildProcess => {
  const child = spawn(command, args, { cwd: scratch, stdio: "ignore", detached: true });
  devices.add(child);
  return child;
};

const tlsUrl = (): string => house.home.endpoints.mqtt.tlsUrl ?? "no TLS port";

const reported = async (device: string): Promise<Item | undefined> => {
  try {
    return (await house.shadowOf(device)).reported;
  } catch {
    // No shadow yet.
    return undefined;
  }
};

const online = (device: string) =>
  expect.poll(() => reported(device), { timeout: 15_000, interval: 50 });

/** What the rule writes when the last will of an older connection comes late. */
const sayOffline = async (thingName: string): Promise<void> => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  const iot = new IoTDataPlaneClient({ endpoint, region, credentials });
  const payload = JSON.stringify({ state: { reported: { online: false } } });
  await iot.send(new UpdateThingShadowCommand({ thingName, payload }));
  iot.destroy();
};

const outcomeOf = async (run: unknown, device: string): Promise<Item | undefined> => {
  const records = await house.auditOf(String(run));
  const outcome = records.find((item) => item.SK === "OUTCOME");
  return (outcome?.devices as readonly Item[] | undefined)?.find((one) => one.device === device);
};

/** Everything that a registration could change. */
const everything = async (): Promise<{
  readonly things: readonly ThingAttribute[];
  readonly items: readonly Record<string, AttributeValue>[];
}> => {
  const { aws } = house.home.stack;
  const client = { endpoint: aws.endpoint, region: aws.region, credentials: aws.credentials };
  const iot = new IoTClient(client);
  const dynamoDb = new DynamoDBClient(client);
  const { things = [] } = await iot.send(new ListThingsCommand({}));
  const { Items = [] } = await dynamoDb.send(
    new ScanCommand({ TableName: house.home.endpoints.aws.tables.home }),
  );
  iot.destroy();
  dynamoDb.destroy();
  return { things, items: Items };
};

describe("a device that is added as the README says", () => {
  // REQ: add-device
  test("does what goodnight asks, over TLS with its own certificate: the README's forty lines of JavaScript", async () => {
    const line = readmeLine('npm run add-device -- "Porch lamp" --kind light --room Porch --scene');
    const added = await runLine(`${line} --data ${house.data}`);
    expect(added.code, added.output).toBe(0);
    const folder = join(house.data, "devices", "home-porch_lamp");
    start(process.execPath, ["device.mjs", "home-porch_lamp", tlsUrl(), folder]);
    await online("porch_lamp").toEqual({ light: { on: true }, online: true });

    const result = await house.client.callTool("run_scene", { scene: "goodnight" });

    expect(result).toMatchObject({ result: "done", devices: 15 });
    expect(await outcomeOf(result.run_id, "porch_lamp")).toMatchObject({
      outcome: "confirmed",
      before: { light: { on: true } },
      after: { light: { on: false } },
    });
  });

  // REQ: add-device-key
  test("has a key that only its owner can read, and that no output shows", async () => {
    const added = await add("Shed lamp", "--kind", "light", "--room", "Shed", "--json");

    expect(added.code, added.output).toBe(0);
    const answer = JSON.parse(added.output) as { readonly privateKeyFile: string };
    expect(statSync(answer.privateKeyFile).mode & 0o777).toBe(0o600);
    const key = readFileSync(answer.privateKeyFile, "utf8");
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(added.output).not.toContain("PRIVATE KEY");
    expect(added.output).not.toContain(key.split("\n")[1]);
    expect(house.logged.join("\n")).not.toContain(key.split("\n")[1]);
    expect(answer).toMatchObject({
      device: { id: "shed_lamp", kind: "light", room: "Shed", thing: "home-shed_lamp" },
      secureUrl: tlsUrl(),
    });
  });

  test.skipIf(!existsSync(JQ) || !existsSync(MOSQUITTO))(
    "is as good in mosquitto's commands (needs Debian's mosquitto-clients and jq)",
    async () => {
      const added = await add(
        ...["Garden lamp", "--kind", "light", "--room", "Garden", "--window", "10"],
        ...[
          "--scene",
          "goodnight",
          "--stage",
          "dark and quiet",
          "--want",
          '{"light":{"on":false}}',
        ],
      );
      expect(added.code, added.output).toBe(0);
      const { port } = new URL(house.home.endpoints.mqtt.url);
      start("sh", ["device.sh", "home-garden_lamp", "-p", port]);
      await online("garden_lamp").toEqual({ light: { on: true }, online: true });
      await sayOffline("home-garden_lamp");
      await online("garden_lamp").toEqual({ light: { on: true }, online: true });

      const result = await house.client.callTool("run_scene", {
        scene: "goodnight",
        except: ["porch lamp"],
      });

      expect(result).toMatchObject({ result: "done" });
      expect(await outcomeOf(result.run_id, "garden_lamp")).toMatchObject({ outcome: "confirmed" });
    },
  );

  // REQ: expired-refused
  test("refuses a command whose time is over, and finds it so when it was away", async () => {
    const { aws } = house.home.stack;
    const iot = new IoTDataPlaneClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: aws.credentials,
    });
    const command = {
      id: "old.0",
      run: "old",
      stage: 0,
      expiresAt: 1_700_000_000,
      transitionSeconds: 0,
    };
    await iot.send(
      new UpdateThingShadowCommand({
        thingName: "home-shed_lamp",
        payload: JSON.stringify({ state: { desired: { light: { on: false }, command } } }),
      }),
    );
    iot.destroy();

    start(process.execPath, [
      ...["device.mjs", "home-shed_lamp", tlsUrl(), join(house.data, "devices", "home-shed_lamp")],
    ]);

    await online("shed_lamp").toEqual({
      light: { on: true },
      online: true,
      command: { ...command, status: "REJECTED", reason: "EXPIRED" },
    });
  });

  test("says that it is there where the last will of an older connection comes after its report", async () => {
    const folder = join(house.data, "devices", "home-shed_lamp");
    await online("shed_lamp").toMatchObject({ online: false });
    start(process.execPath, ["device.mjs", "home-shed_lamp", tlsUrl(), folder]);
    await online("shed_lamp").toMatchObject({ online: true });

    await sayOffline("home-shed_lamp");

    await online("shed_lamp").toMatchObject({ online: true });
  });

  // REQ: own-credentials
  test("is offline in its shadow when it dies without a word", async () => {
    const folder = join(house.data, "devices", "home-shed_lamp");
    const device = start(process.execPath, ["device.mjs", "home-shed_lamp", tlsUrl(), folder]);
    await online("shed_lamp").toMatchObject({ online: true });

    device.kill("SIGKILL");

    await online("shed_lamp").toMatchObject({ online: false });
  });
});

describe("a device that cannot be added", () => {
  const HALF: Device = {
    id: "half_lamp",
    name: "Half",
    aliases: [],
    kind: "light",
    room: "Hall",
    thing: "home-half_lamp",
  };
  const LAMP = ["--kind", "light", "--room", "Hall"];

  test.each<[string, readonly string[], string]>([
    ["without a name", LAMP, "Give one name"],
    ["without a kind", ["New lamp", "--room", "Hall"], "a kind"],
    ["of a kind that is none", ["New lamp", "--kind", "lamp", "--room", "Hall"], "lock"],
    ["by a name that is taken", ["Hall light", ...LAMP], "hall_lamp"],
    ["to a scene without a state", ["New lamp", ...LAMP, "--scene", "goodnight"], "--want"],
    [
      "with a state that is no JSON",
      ["New lamp", ...LAMP, "--scene", "goodnight", "--want", "off"],
      "--want",
    ],
    [
      "with a state that it cannot have",
      [
        "New lamp",
        ...LAMP,
        "--scene",
        "goodnight",
        "--stage",
        "arm",
        "--want",
        '{"lock":{"locked":true}}',
      ],
      "new_lamp",
    ],
    [
      "to a scene that is not there",
      ["New lamp", ...LAMP, "--scene", "godnight", "--want", '{"light":{"on":false}}'],
      "goodnight",
    ],
    [
      "to one of several stages, unnamed",
      ["New lamp", ...LAMP, "--scene", "goodnight", "--want", '{"light":{"on":false}}'],
      "dark and quiet",
    ],
    ["with a window that is no number", ["New lamp", ...LAMP, "--window", "soon"], "--window"],
    ["with an option that is not known", ["New lamp", ...LAMP, "--rom", "Hall"], "--rom"],
  ])("%s, is told so in plain words, and nothing is changed", async (_, args, told) => {
    const before = await everything();

    const refused = await add(...args);

    expect(refused.code).toBe(2);
    expect(refused.output).toContain(told);
    expect(refused.output).not.toMatch(/^ +at /m);
    expect(await everything()).toEqual(before);
    expect(existsSync(join(house.data, "devices", "home-new_lamp"))).toBe(false);
  });

  test("over a key that is there already keeps that key, and registers nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "key-"));
    writeFileSync(join(folder, "private.key"), "somebody's key");
    const before = await everything();

    const refused = await add("New lamp", ...LAMP, "--out", folder);

    expect(refused.code).toBe(2);
    expect(refused.output).toContain("private.key");
    expect(readFileSync(join(folder, "private.key"), "utf8")).toBe("somebody's key");
    expect(await everything()).toEqual(before);
    rmSync(folder, { recursive: true });
  });

  test("because it was interrupted leaves nothing behind, either", async () => {
    const registry = await localRegistry(house.data);
    const folder = join(scratch, "interrupted");
    const before = await everything();
    const interrupted = {
      ...registry,
      rootCertificates: () => {
        process.emit("SIGTERM", "SIGTERM");
        return registry.rootCertificates();
      },
    };

    const failed = registerDevice(interrupted, HOME, HALF, undefined, folder);

    await expect(failed).rejects.toThrow(/interrupted \(SIGTERM\)\. Nothing was changed\.$/);
    registry.close();
    expect(await everything()).toEqual(before);
    expect(existsSync(folder)).toBe(false);
  });

  test("without a house is told how to start one", async () => {
    const refused = await runScript("add-device.ts", ["New lamp", ...LAMP, "--data", scratch]);

    expect(refused.code).toBe(2);
    expect(refused.output).toContain("npm start");
  });

  test("because a step failed leaves no thing, no certificate and no key behind", async () => {
    const registry = await localRegistry(house.data);
    const folder = join(scratch, "half");
    const before = await everything();

    const failed = registerDevice(
      { ...registry, devicePolicy: "Nope" },
      HOME,
      HALF,
      undefined,
      folder,
    );

    await expect(failed).rejects.toThrow(/Policy not found: Nope.*Nothing was changed\.$/);
    registry.close();
    expect(await everything()).toEqual(before);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("with --aws", () => {
  const account = (): Readonly<Record<string, string>> => {
    const { region, credentials } = house.home.stack.aws;
    return {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  };

  // REQ: add-device
  test("the stack is found by its name, and the device gets Amazon's roots and the account's endpoint", async () => {
    const added = await runScript(
      "add-device.ts",
      [
        ...["Attic lamp", "--kind", "light", "--room", "Attic", "--data", house.data],
        ...["--aws", "--endpoint-url", house.home.stack.aws.endpoint],
      ],
      account(),
    );

    expect(added.code, added.output).toBe(0);
    expect(added.output).toContain("policy SmarthomeDevice");
    expect(added.output).toMatch(/mqtts:\/\/localhost:\d+ with the client id home-attic_lamp/);
    const folder = join(house.data, "aws-devices", "home-attic_lamp");
    const roots = readFileSync(join(folder, "root-ca.pem"), "utf8");
    expect(roots.match(/BEGIN CERTIFICATE/g)).toHaveLength(4);
    expect(statSync(join(folder, "private.key")).mode & 0o777).toBe(0o600);
    const { things } = await everything();
    expect(things.find(({ thingName }) => thingName === "home-attic_lamp")).toMatchObject({
      attributes: { kind: "light", home: "home" },
    });
  });

  // The README's exports for the local endpoint stay in a shell.
  test("an AWS_ENDPOINT_URL of this machine is not taken for AWS", async () => {
    const before = await everything();

    const refused = await runScript(
      "add-device.ts",
      ["Cellar lamp", "--kind", "light", "--room", "Cellar", "--aws", "--data", house.data],
      { ...account(), AWS_ENDPOINT_URL: house.home.stack.aws.endpoint },
    );

    expect(refused.code).toBe(2);
    expect(refused.output).toContain("AWS_ENDPOINT_URL");
    expect(await everything()).toEqual(before);
  });

  test("credentials that are not known are one line, and nothing is changed", async () => {
    const before = await everything();

    const refused = await runScript(
      "add-device.ts",
      [
        ...["Cellar lamp", "--kind", "light", "--room", "Cellar", "--data", house.data],
        ...["--aws", "--endpoint-url", house.home.stack.aws.endpoint],
      ],
      { ...account(), AWS_ACCESS_KEY_ID: "AKIANOBODY" },
    );

    expect(refused.code).toBe(2);
    expect(refused.output).toContain("AWS_PROFILE");
    expect(refused.output).not.toMatch(/^ +at /m);
    expect(await everything()).toEqual(before);
  });
});

describe("a device that is removed", () => {
  const remove = (...args: readonly string[]): Promise<Ended> =>
    runScript("remove-device.ts", [...args, "--data", house.data]);

  test("is refused while a scene asks it, and the scene is named", async () => {
    const before = await everything();

    const refused = await remove("porch lamp");

    expect(refused.code).toBe(2);
    expect(refused.output).toContain("Goodnight");
    expect(refused.output).toContain("--from-scenes");
    expect(await everything()).toEqual(before);
  });

  // REQ: remove-device
  test("is out of its scenes, is disconnected at once, and comes in no more", async () => {
    const folder = join(house.data, "devices", "home-porch_lamp");
    start(process.execPath, ["device.mjs", "home-porch_lamp", tlsUrl(), folder]);
    await online("porch_lamp").toMatchObject({ online: true });

    const removed = await remove("porch_lamp", "--from-scenes");

    expect(removed.code, removed.output).toBe(0);
    const cutOff = house.logged.filter(
      (line) =>
        line.includes("home-porch_lamp") &&
        line.includes("disconnected, its certificate is not active any more"),
    );
    expect(cutOff).toHaveLength(1);
    // It tries again, and its certificate is not known any more.
    const unknown = (): readonly string[] =>
      house.logged.filter((line) => line.includes("is not registered"));
    await expect.poll(unknown, { timeout: 10_000 }).not.toHaveLength(0);
    const plan = await house.client.callTool("plan_scene", { scene: "goodnight" });
    expect(JSON.stringify(plan)).not.toContain("porch_lamp");
  });

  test("with a certificate that is another thing's too leaves that thing its certificate", async () => {
    const added = await add("Gate two", "--kind", "cover", "--room", "Garden", "--json");
    const { certificateArn } = JSON.parse(added.output) as { certificateArn: string };
    const { aws } = house.home.stack;
    const iot = new IoTClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: aws.credentials,
    });
    await iot.send(new CreateThingCommand({ thingName: "gate_one" }));
    const alone = iot.send(
      new AttachThingPrincipalCommand({ thingName: "gate_one", principal: certificateArn }),
    );
    await expect(alone).rejects.toThrow("attached to thing home-gate_two already");
    // What add-device attached stands for its thing alone; somebody has made it a certificate of both.
    await iot.send(
      new DetachThingPrincipalCommand({ thingName: "home-gate_two", principal: certificateArn }),
    );
    for (const thingName of ["gate_one", "home-gate_two"]) {
      await iot.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }));
    }

    const removed = await remove("gate_two");

    expect(removed.code, removed.output).toBe(0);
    const { certificateDescription } = await iot.send(
      new DescribeCertificateCommand({ certificateId: certificateArn.replace(/^.*\//, "") }),
    );
    const { principals } = await iot.send(
      new ListThingPrincipalsCommand({ thingName: "gate_one" }),
    );
    iot.destroy();
    expect(certificateDescription?.status).toBe("ACTIVE");
    expect(principals).toEqual([certificateArn]);
  });

  test("that nobody knows is answered with the closest names", async () => {
    const refused = await remove("hal lamp");

    expect(refused.code).toBe(2);
    expect(refused.output).toContain('"hall_lamp"');
  });
});

// REQ: state-survives
test("a device is let in after a restart of the house, by the certificate that it has", async () => {
  const data = mkdtempSync(join(tmpdir(), "house-"));
  const first = await startJourney({ data, lan: LAN });
  const added = await runScript("add-device.ts", [
    ...["Door", "--kind", "lock", "--room", "Hall", "--data", data],
  ]);
  expect(added.code, added.output).toBe(0);
  await first.close();

  const second = await startJourney({ data, lan: LAN });
  try {
    const folder = join(data, "devices", "home-door");
    start(process.execPath, [
      "device.mjs",
      "home-door",
      second.home.endpoints.mqtt.tlsUrl ?? "",
      folder,
    ]);

    await expect
      .poll(async () => (await second.shadowOf("door").catch(() => undefined))?.reported, {
        timeout: 15_000,
      })
      .toMatchObject({ online: true });
  } finally {
    await second.close();
    rmSync(data, { recursive: true, force: true });
  }
});
