import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  AttachPolicyCommand,
  CreateKeysAndCertificateCommand,
  IoTClient,
  ListTargetsForPolicyCommand,
  ListThingsCommand,
} from "@aws-sdk/client-iot";
import { GetThingShadowCommand, IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, ROOT, runLine } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { commandsOf } from "./readme-commands.ts";

// What a reader is told of each command: its exit code, and what it prints. No account is at hand, so that the house that
// starts empty stands for what the two deployments make.
const DEPLOYED = new Set(["npm run deploy -- -c first=yes", "npm run deploy"]);
const UP: readonly (readonly [command: string, code: number, ...told: (string | RegExp)[]])[] = [
  [
    "npm run preflight",
    1,
    /✓ versions +Node\.js 24/,
    "✓ stack        SmarthomeScenes is there (CREATE_COMPLETE)",
    "✗ bootstrap    this account and region are not prepared for cdk",
    "? credentials  not told: NotEmulated",
  ],
  ['npm run add-home -- "Maple Street" --aws', 0, "home maple_street"],
  [
    "npm run seed-home -- infra/house/demo-home.json --home maple_street --aws",
    0,
    "+ device  hall_lamp",
    "+ scene   goodnight",
    "+ group   all_lights",
    "22 records added, 0 replaced, 0 as in the file already.",
  ],
  [
    "npm run add-user -- ada --role resident --home maple_street --aws",
    0,
    /First password, shown once, .*: Aa1-/,
    "ada is resident of Maple Street",
  ],
  [
    "npm run add-user -- --machine --role resident --home maple_street --aws",
    0,
    "machine client is resident of Maple Street",
  ],
  [
    "npm run simulate-devices -- infra/house/demo-home.json --home maple_street --aws",
    0,
    /14 devices of maple_street connected to mqtts:/,
  ],
  ["npm run doctor -- --aws", 0, "Nothing here would stop Claude."],
  ["npm run test-gateway -- --home maple_street --aws", 0, "The home has 14 devices in 5 rooms"],
  [
    "npm run scene -- goodnight --home maple_street --aws",
    0,
    "Goodnight is done: all 14 devices confirmed.",
    /npm run audit -- run_\w+ --home maple_street --aws --endpoint-url/,
  ],
  ["npm run audit -- runs --home maple_street --aws", 0, "1 run: 1 done"],
  ["npm run audit -- verify --live --home maple_street --aws", 0, "maple_street"],
  ["npm run logs -- --aws", 0, "ExecutionSucceeded", "Record the outcome"],
  [
    "npm run show-connection -- --aws",
    0,
    "claude mcp add",
    "codex mcp add",
    "hidden (--show-secret",
  ],
  ["npm run homes -- maple_street --aws", 0, "ada  resident", "machine client  resident"],
  [
    'npm run add-device -- "Porch lamp" --kind light --room Porch --home maple_street --aws',
    0,
    "Porch lamp is added: a light in Porch, thing maple_street-porch_lamp.",
  ],
  [
    'npm run schedule -- add "Every evening" --scene goodnight --when "at 22:45 daily" --home maple_street --aws',
    0,
    "22:45",
  ],
  ["npm run schedule -- list --home maple_street --aws", 0, "every_evening", "0 dead letters."],
  [
    "npm run invite -- ben --email ben@example.com --role guest --home maple_street --aws",
    // The local Cognito sends no mail, and says so; nobody is made.
    2,
    /^AWS refused: InvalidParameterException, .*sends no mail/m,
  ],
  ["npm run add-user -- olga --role operator --all --aws", 0, "olga looks after every home."],
  [
    'npm run grant -- olga --home maple_street --for 1h --why "ticket 4711" --aws',
    0,
    "olga may act in Maple Street (maple_street) until",
  ],
  ["npm run audit -- access --home maple_street --aws", 0, "olga"],
  [
    "npm run remove-device -- porch_lamp --home maple_street --aws",
    0,
    "Porch lamp is removed; 1 certificate withdrawn.",
  ],
  ['npm run schedule -- remove "Every evening" --home maple_street --aws', 0, "Every evening"],
];
const DOWN: typeof UP = [
  ["npm run remove-user -- olga --all --aws", 0, "olga looks after every home no more."],
  ["npm run remove-user -- ada --home maple_street --aws", 0, "ada is out of maple_street."],
  [
    "npm run delete-home -- maple_street --yes --aws",
    0,
    "Maple Street (maple_street) is deleted: 14 devices, 14 certificates, 1 member, 0 schedules.",
  ],
  [
    "npm run destroy-home -- --yes --aws",
    0,
    "0 things and 0 certificates are taken out.",
    "files of the console are taken out of its bucket.",
    "What stays: the tables",
    "aws cognito-idp delete-user-pool",
  ],
];

let house: Journey;
let scratch: string;
let devices: ChildProcess | undefined;

beforeAll(async () => {
  house = await startJourney({ isEmpty: true, lan: { port: 0, host: "127.0.0.1" } });
  scratch = mkdtempSync(join(tmpdir(), "deployment-"));
});
afterAll(async () => {
  await endDevices();
  await house?.close();
  rmSync(scratch, { recursive: true, force: true });
});

const endDevices = async (): Promise<void> => {
  if (devices?.pid === undefined) return;
  // Its streams close when the last process behind the shell is gone.
  const ended = once(devices, "close");
  process.kill(-devices.pid, "SIGINT");
  await ended;
  devices = undefined;
};

const account = (): Readonly<Record<string, string>> => {
  const { region, credentials } = house.home.stack.aws;
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // Amazon's roots are in Node.js; the house's own is not.
    NODE_EXTRA_CA_CERTS: house.home.endpoints.mqtt.rootCertificateFile,
    HOME: scratch,
    NO_COLOR: "1",
  };
};

/** The README's line, pointed at the house. */
const pointed = (command: string): string => {
  const where = `--endpoint-url ${house.home.stack.aws.endpoint} --data ${join(scratch, "mine")}`;
  return `${command}${command.includes(" -- ") ? "" : " --"} ${where}`;
};

/** In a terminal of its own, until somebody ends it. */
const startDevices = async (line: string): Promise<Ended> => {
  const child = spawn("sh", ["-c", line], {
    cwd: ROOT,
    env: { ...process.env, ...account() },
    detached: true,
  });
  devices = child;
  let output = "";
  const listen = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  await expect.poll(() => output, { timeout: 30_000, interval: 100 }).toMatch(/connected|rror/);
  return { code: 0, output };
};

const give = async (command: string): Promise<Ended> => {
  const line = pointed(command);
  if (command.startsWith("npm run simulate-devices")) return startDevices(line);
  if (!command.includes("verify --live")) return runLine(line, account());
  // "A minute later": the sealer comes once a minute.
  let last: Ended = { code: null, output: "" };
  await expect
    .poll(
      async () => {
        last = await runLine(line, account());
        return last.code;
      },
      { timeout: 150_000, interval: 5_000 },
    )
    .toBe(0);
  return last;
};

const giveAll = async (commands: typeof UP): Promise<void> => {
  for (const [command, code, ...told] of commands) {
    const ended = await give(command);

    for (const each of told) {
      if (typeof each === "string") expect(ended.output, command).toContain(each);
      else expect(ended.output, command).toMatch(each);
    }
    expect(ended.code, `${command}\n${ended.output}`).toBe(code);
  }
};

const clientOf = <T>(make: new (options: object) => T): T => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  return new make({ endpoint, region, credentials });
};

/** The keys of a table's items. */
const keysOf = async (table: string): Promise<readonly string[]> => {
  const dynamoDb = clientOf(DynamoDBClient);
  const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table }));
  dynamoDb.destroy();
  return Items.map(({ PK, SK }) => `${PK?.S ?? ""} ${SK?.S ?? ""}`).sort();
};

const things = (): readonly string[] => readdirSync(join(scratch, "mine", "aws-devices")).sort();

const shadowsLeft = async (): Promise<readonly string[]> => {
  const iotData = clientOf(IoTDataPlaneClient);
  const left = await Promise.all(
    things().map(async (thingName) => {
      try {
        await iotData.send(new GetThingShadowCommand({ thingName }));
        return [thingName];
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
        throw error;
      }
    }),
  );
  iotData.destroy();
  return left.flat();
};

const registryLeft = async () => {
  const iot = clientOf(IoTClient);
  const { things: left = [] } = await iot.send(new ListThingsCommand({}));
  const { targets = [] } = await iot.send(
    new ListTargetsForPolicyCommand({ policyName: "SmarthomeDevice" }),
  );
  iot.destroy();
  return { things: left, certificates: targets };
};

const usersLeft = async (): Promise<readonly (string | undefined)[]> => {
  const cognito = clientOf(CognitoIdentityProviderClient);
  const poolId = house.home.endpoints.cognito.issuer.replace(/^.*\//, "");
  const { Users = [] } = await cognito.send(new ListUsersCommand({ UserPoolId: poolId }));
  cognito.destroy();
  return Users.map(({ Username }) => Username).sort();
};

const schedulesLeft = async (): Promise<readonly (string | undefined)[]> => {
  const scheduler = clientOf(SchedulerClient);
  const { Schedules = [] } = await scheduler.send(
    new ListSchedulesCommand({ GroupName: "smarthome-schedules" }),
  );
  scheduler.destroy();
  return Schedules.map(({ Name }) => Name);
};

describe("the README's commands, given to a house that starts empty", () => {
  // REQ: deployment-commands
  test("bring an empty table to a finished goodnight, and every day after", async () => {
    const commands = commandsOf("What deploying takes").filter((line) => !DEPLOYED.has(line));

    expect(commands).toEqual(UP.map(([command]) => command));
    await giveAll(UP);

    expect(things()).toHaveLength(15);
    expect(await schedulesLeft()).toEqual(["refresh-sun-schedules"]);
  });

  // REQ: deployment-commands
  test("take everything down, and nothing is left but what the README names", async () => {
    const commands = commandsOf("Taking it down");

    expect(commands).toEqual(DOWN.map(([command]) => command));
    await endDevices();
    await giveAll(DOWN);

    const { home, audit } = house.home.endpoints.aws.tables;
    // The tombstone of the home, and its line in the list of homes.
    expect(await keysOf(home)).toEqual(["HOMES maple_street", "HOME#maple_street META"].sort());
    // The audit stays: runs, looks and changes of the home, its log's word on how long they are kept, changes of the stack.
    const kinds = new Set(
      (await keysOf(audit)).map((key) => key.replace(/^(HOME#maple_street#)?([A-Z_]+).*$/, "$1$2")),
    );
    // What is no home's has a log as well, from the minute in which the sealer first finds something of it.
    kinds.delete("RETENTION");
    expect([...kinds].sort()).toEqual([
      "CHANGE",
      "HOME#maple_street#ACCESS",
      "HOME#maple_street#CHANGE",
      "HOME#maple_street#RETENTION",
      "HOME#maple_street#RUN",
    ]);
    // Logs are the stack's own groups alone, which go with it.
    const logs = readdirSync(join(house.data, "logs"));
    expect(
      logs.filter(
        (name) =>
          !/^(SmarthomeScenes-\w+|smarthome-(start-scheduled-scene|undo-partly-done))\.log$/.test(
            name,
          ) &&
          name !== "aws-vendedlogs-states-SmarthomeScenes-run-scene.log" &&
          // CloudWatch's metrics, which nobody can delete and which end by themselves.
          name !== "metrics.jsonl",
      ),
    ).toEqual([]);
    expect(await shadowsLeft()).toEqual([]);
    expect(await registryLeft()).toEqual({ things: [], certificates: [] });
    expect(await usersLeft()).toEqual(["ada", "olga"]);
    expect(await schedulesLeft()).toEqual(["refresh-sun-schedules"]);
  });

  test("--profile, --region and --stack say whose stack is meant, as for any AWS tool", async () => {
    const { region, credentials } = house.home.stack.aws;
    const profiles = join(scratch, "credentials");
    writeFileSync(
      profiles,
      `[house]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\n`,
    );
    const env = { AWS_SHARED_CREDENTIALS_FILE: profiles, AWS_EC2_METADATA_DISABLED: "true" };
    const homes = (...options: readonly string[]): Promise<Ended> =>
      runLine(pointed(["npm run homes -- --aws", ...options].join(" ")), env);

    const found = await homes("--profile house", `--region ${region}`, "--stack SmarthomeScenes");
    const elsewhere = await homes("--profile house", "--region eu-central-1");
    const other = await homes(
      "--profile house",
      `--region ${region}`,
      "--stack SmarthomeScenes-dev",
    );
    const nobody = await homes("--profile nobody", `--region ${region}`);

    expect(found.output).toContain("maple_street  Maple Street");
    expect(elsewhere.output).toContain("in the region eu-central-1");
    expect(other.output).toContain("The stack SmarthomeScenes-dev cannot be looked up");
    expect(nobody.output).toContain("The stack SmarthomeScenes cannot be looked up");
    expect([found.code, elsewhere.code, other.code, nobody.code]).toEqual([0, 2, 2, 2]);
  });

  // REQ: seed-home
  test("seed again: what is there is left as it is and shown, until somebody says --replace", async () => {
    const file = join(scratch, "cabin.json");
    const lamp = { id: "lamp", name: "Lamp", aliases: [], kind: "light", room: "Cabin" };
    const scene = (brightness: number) => ({
      id: "evening",
      name: "Evening",
      version: 1,
      stages: [{ name: "light", devices: { lamp: { light: { on: true, brightness } } } }],
    });
    const write = (name: string, brightness: number): void =>
      writeFileSync(
        file,
        JSON.stringify({ devices: [{ ...lamp, name }], scenes: [scene(brightness)] }),
      );
    const seed = (...more: readonly string[]): Promise<Ended> =>
      runLine(
        pointed(["npm run seed-home --", file, "--home cabin --aws", ...more].join(" ")),
        account(),
      );
    await runLine(pointed("npm run add-home -- Cabin --aws"), account());
    write("Lamp", 20);

    const first = await seed();
    write("Desk lamp", 60);
    const shown = await seed();
    const replaced = await seed("--replace");
    const last = await seed();

    expect(first.output).toContain("2 records added, 0 replaced, 0 as in the file already.");
    expect(shown.output).toContain('its name is "Lamp" here, "Desk lamp" in the file');
    expect(shown.output).toContain("lamp: on, brightness 20 % became on, brightness 60 %");
    expect(shown.output).toContain("to take the file's: --replace");
    expect(replaced.output).toContain("0 records added, 2 replaced");
    expect(last.output).toContain("0 records added, 0 replaced, 2 as in the file already.");
    expect([first.code, shown.code, replaced.code, last.code]).toEqual([0, 1, 0, 0]);
  });

  test("destroy-home first shows what would go, and takes out certificates that no home names", async () => {
    const iot = clientOf(IoTClient);
    const { certificateArn } = await iot.send(
      new CreateKeysAndCertificateCommand({ setAsActive: true }),
    );
    await iot.send(
      new AttachPolicyCommand({ policyName: "SmarthomeDevice", target: certificateArn }),
    );
    iot.destroy();

    const shown = await runLine(pointed("npm run destroy-home -- --aws"), account());
    const before = await registryLeft();
    const done = await runLine(pointed("npm run destroy-home -- --yes --aws"), account());

    expect(shown.output).toContain("1 home: cabin; their records stay");
    expect(shown.output).toContain("1 thing, with certificates and shadows");
    expect(shown.output).toContain("1 certificate of no thing");
    expect(shown.code).toBe(1);
    expect(before.certificates).toHaveLength(2);
    expect(done.output).toContain("1 thing and 2 certificates are taken out.");
    // The take-down before has them already.
    expect(done.output).toContain("0 files of the console are taken out of its bucket.");
    expect(done.code).toBe(0);
    expect(await registryLeft()).toEqual({ things: [], certificates: [] });
  });
});
