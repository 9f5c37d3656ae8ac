import { readFileSync } from "node:fs";
import { AdminListGroupsForUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { IoTClient, ListThingsCommand } from "@aws-sdk/client-iot";
import { IoTDataPlaneClient, UpdateThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { localRegistry } from "../../../scripts/devices/registry.ts";
import { closeHome } from "../../../scripts/homes/directory.ts";
import { browser } from "../../local/cognito/support.ts";
import { type Ended, runScript } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { LOCAL_CALLBACK, personOf } from "../../support/person.ts";

const SCOPE = "openid smarthome-gateway/read smarthome-gateway/write";
const IN_MAPLE = ["--home", "maple_street"] as const;
const PORCH = { rooms: [{ room: "Porch", devices: [{ device: "porch_lamp" }] }] };
const PASSWORD = "Chosen-by-me-1234";

let house: Journey;

beforeAll(async () => {
  house = await startJourney({ lan: { port: 0, host: "127.0.0.1" } });
});
afterAll(() => house?.close());

const run = (command: string, ...args: readonly string[]): Promise<Ended> =>
  runScript(`${command}.ts`, [...args, "--data", house.data]);

/** A command that is expected to succeed, and what it printed. */
const done = async (command: string, ...args: readonly string[]): Promise<string> => {
  const { code, output } = await run(command, ...args);
  expect(code, output).toBe(0);
  return output;
};

/** The stack through the SDK, as an operator has it. */
const aws = () => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  return { endpoint, region, credentials };
};

/** Every item of the home table, and every thing. */
const everything = async (): Promise<unknown> => {
  const dynamoDb = new DynamoDBClient(aws());
  const iot = new IoTClient(aws());
  const { Items = [] } = await dynamoDb.send(
    new ScanCommand({ TableName: house.home.endpoints.aws.tables.home }),
  );
  const { things = [] } = await iot.send(new ListThingsCommand({}));
  dynamoDb.destroy();
  iot.destroy();
  return { items: Items.map((item) => unmarshall(item)), things };
};

const groupsOf = async (Username: string): Promise<readonly unknown[]> => {
  const registry = await localRegistry(house.data);
  const { Groups = [] } = await registry.cognito.send(
    new AdminListGroupsForUserCommand({ UserPoolId: registry.userPoolId, Username }),
  );
  registry.close();
  return Groups.map(({ GroupName }) => GroupName);
};

const passwordIn = (output: string): string => /sign-in: (\S+)$/m.exec(output)?.[1] ?? "";

/** Signs in for the first time, with the password that the command showed, and chooses another. */
const chooseFirst = async (username: string, password: string): Promise<void> => {
  const { cognito } = house.home.endpoints;
  const session = browser(cognito.domain);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: cognito.clients.local.clientId,
    redirect_uri: LOCAL_CALLBACK,
    scope: SCOPE,
  });
  const form = await session.visit(`${cognito.domain}/oauth2/authorize?${query}`);
  const change = await session.submit(form, { username, password });
  expect(change.html).toContain("<h1>Choose a new password</h1>");
  const end = await session.submit(change, {
    new_password: PASSWORD,
    confirm_password: PASSWORD,
  });
  expect(end.url).toContain(`${LOCAL_CALLBACK}?code=`);
};

/** Calls of a tool with one token, until it ends. */
const callerWith = async (token: string) => {
  const client = new Client({ name: "homes-commands", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(house.home.endpoints.gateway.url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  return {
    call: async (tool: string, args: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const { content } = await client.callTool({ name: `home___${tool}`, arguments: args });
      const [first] = content;
      return first?.type === "text" ? JSON.parse(first.text) : undefined;
    },
    close: () => client.close(),
  };
};

const signedIn = async (username: string) =>
  personOf(house.home.endpoints, username, PASSWORD).tokens(SCOPE);

describe("a home from its first day to its last", () => {
  test("is made by its name, with an id of that, and is listed", async () => {
    const added = await done("add-home", "Máple Street", "--time-zone", "Europe/Berlin");

    expect(added).toContain("home maple_street, time zone Europe/Berlin");
    const listed = await done("homes", "--json");
    expect(JSON.parse(listed)).toMatchObject([
      { home: "home", name: "Home", state: "active" },
      { home: "maple_street", name: "Máple Street", timeZone: "Europe/Berlin", state: "active" },
    ]);
  });

  test("is given a mode, and that who asks may approve; both are on record, and what is none changes nothing", async () => {
    const changed = await done("homes", "maple_street", "--mode", "away", "--approves-own", "yes");
    const refused = await run("homes", "maple_street", "--approves-own", "maybe");

    expect(changed).toContain("maple_street  Máple Street  Europe/Berlin");
    expect(changed).toContain("mode away");
    expect(refused.code).toBe(2);
    expect(refused.output).toContain("--approves-own must be yes or no");
    expect(JSON.parse(await done("homes", "maple_street", "--json"))).toMatchObject({
      mode: "away",
      approvesOwn: true,
    });
  });

  test("gets a member, who signs in with the first password and may do what the role says", async () => {
    const added = await done(
      ...(["add-user", "ada", "--role", "guest", "--home", "maple_street"] as const),
      ...["--called", "Mum's", "--until", "2099-12-31"],
    );
    await done("add-device", "Porch lamp", "--kind", "light", "--room", "Porch", ...IN_MAPLE);

    await chooseFirst("ada", passwordIn(added));

    const { access_token } = await signedIn("ada");
    const ada = await callerWith(access_token);
    expect(await ada.call("get_home", {})).toMatchObject(PORCH);
    await ada.close();
    expect(JSON.parse(await done("homes", "maple_street", "--json"))).toMatchObject({
      home: "maple_street",
      members: [
        // Midnight in Berlin.
        { who: "ada", role: "guest", name: "Mum's", expiresAtEpochSeconds: 4_102_441_200 },
      ],
    });
  });

  test("raises a guest to resident, which a token that is out does not know", async () => {
    const raised = await done("add-user", "ada", "--role", "resident", ...IN_MAPLE);
    const lowered = await done("add-user", "ada", "--role", "guest", ...IN_MAPLE);

    expect(raised).toContain("was guest");
    expect(raised).toContain("with the next token, within an hour");
    expect(lowered).toContain("was resident");
    expect(lowered).not.toContain("next token");
    // What she calls it stays.
    expect(await done("homes", "maple_street")).toContain('calls it "Mum\'s"');
  });

  test("refuses who was taken out at the next call, whatever the token says", async () => {
    const { access_token, refresh_token } = await signedIn("ada");
    const ada = await callerWith(access_token);
    await expect(ada.call("get_home", {})).resolves.toMatchObject(PORCH);

    const removed = await done("remove-user", "ada", ...IN_MAPLE);

    expect(removed).toContain("signed out everywhere");
    expect(await ada.call("get_home", {})).toMatchObject({ error: { code: "NoHome" } });
    await ada.close();
    await expect(
      personOf(house.home.endpoints, "ada", PASSWORD).refresh(refresh_token),
    ).rejects.toThrow("the token endpoint answered 400");
  });

  test("lets who looks after every home act in it for a while only, and its people see why", async () => {
    const made = await done("add-user", "olga", "--role", "operator", "--all");
    await chooseFirst("olga", passwordIn(made));
    const { access_token } = await signedIn("olga");
    const olga = await callerWith(access_token);
    const call = { home: "maple_street", scene: "goodnight" };
    const before = await olga.call("run_scene", call);

    await done("grant", "olga", ...IN_MAPLE, "--for", "1h", "--why", "ticket 4711");

    expect(before).toMatchObject({ error: { code: "NotAllowed" } });
    // It has no scene: from here on that is all that is wrong.
    expect(await olga.call("run_scene", call)).toMatchObject({ error: { code: "SceneUnknown" } });
    await olga.close();
    const access = await done("audit", "access", ...IN_MAPLE, "--json");
    expect(
      access
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { tool: "grant", username: "olga", role: "operator", reason: "ticket 4711", v: 1 },
      { tool: "run_scene", username: "olga", role: "operator", reason: "ticket 4711" },
    ]);
  });

  test("ends what was granted with who looks after every home no more", async () => {
    await done("remove-user", "olga", "--all");

    expect(await done("homes", "maple_street")).toContain("Nobody belongs to it");
  });

  test("takes the stack's machine client, and lets it go", async () => {
    await done("add-user", "--machine", "--role", "resident", ...IN_MAPLE);
    const there = await house.client.callTool("get_home", { home: "maple_street" });

    await done("remove-user", "--machine", ...IN_MAPLE);

    expect(there).toMatchObject(PORCH);
    expect(await house.client.callTool("get_home", { home: "maple_street" })).toMatchObject({
      error: { code: "HomeUnknown" },
    });
  });

  test("is shown, not deleted, without --yes", async () => {
    await done("add-user", "ben", "--role", "resident", ...IN_MAPLE);
    expect(await groupsOf("ben")).toEqual(["residents"]);
    const before = await everything();

    const { code, output } = await run("delete-home", "maple_street");

    expect(code).toBe(1);
    expect(output).toContain("1 device, with certificates, things and shadows: porch_lamp");
    expect(output).toContain("1 member: ben (resident)");
    expect(await everything()).toEqual(before);
  });

  test("is deleted with all that hangs on it, and lets its devices in no more", async () => {
    const folder = `${house.data}/devices/maple_street-porch_lamp`;
    const device = {
      clientId: "maple_street-porch_lamp",
      key: readFileSync(`${folder}/private.key`),
      cert: readFileSync(`${folder}/certificate.pem`),
      ca: readFileSync(`${folder}/root-ca.pem`),
      reconnectPeriod: 0,
    };
    const url = house.home.endpoints.mqtt.tlsUrl ?? "";
    const connection = await mqtt.connectAsync(url, device);
    const iot = new IoTDataPlaneClient(aws());
    await iot.send(
      new UpdateThingShadowCommand({
        thingName: "maple_street-porch_lamp",
        payload: JSON.stringify({ state: { desired: { light: { on: true } } } }),
      }),
    );
    iot.destroy();

    const deleted = await done("delete-home", "maple_street", "--yes");

    expect(deleted).toContain("1 device, 1 certificate, 1 member");
    await expect.poll(() => connection.connected).toBe(false);
    await expect(mqtt.connectAsync(url, device)).rejects.toThrow();
    await expect(house.shadowOf("maple_street-porch_lamp")).rejects.toThrow("No shadow exists");
    expect(JSON.stringify(await everything())).not.toContain("porch_lamp");
    expect(await done("homes", "maple_street")).toMatch(/ deleted\n {2}Nobody belongs to it/);
    expect(await groupsOf("ben")).toEqual([]);
    // Its audit stays.
    expect(await done("audit", "access", ...IN_MAPLE)).toContain("ticket 4711");
  });

  test.each<[string, string, readonly string[]]>([
    ["there was", "add-home", ["Maple Street"]],
    ["was deleted", "delete-home", ["maple_street", "--yes"]],
    ["was deleted", "add-user", ["ada", "--role", "guest", "--home", "maple_street"]],
    ["was deleted", "remove-user", ["ada", "--home", "maple_street"]],
    ["was deleted", "grant", ["olga", "--home", "maple_street", "--for", "1h", "--why", "x"]],
    [
      "no home",
      "add-device",
      ["Lamp", "--kind", "light", "--room", "Hall", "--home", "maple_street"],
    ],
  ])("is a home that %s to %s", async (told, command, args) => {
    const before = await everything();

    const { code, output } = await run(command, ...args);

    expect(code).toBe(2);
    expect(output.toLowerCase()).toContain(told);
    expect(output).toMatch(/^[^\n]+Nothing was changed\.\n$/);
    expect(await everything()).toEqual(before);
  });
});

// REQ: change-by-command
test("what the commands changed in the home is recorded, and who gave them", async () => {
  const dynamoDb = new DynamoDBClient(aws());
  const { Items = [] } = await dynamoDb.send(
    new QueryCommand({
      TableName: house.home.endpoints.aws.tables.audit,
      KeyConditionExpression: "PK = :changes",
      ExpressionAttributeValues: {
        ":changes": { S: `HOME#maple_street#CHANGE#${new Date().toISOString().slice(0, 7)}` },
      },
    }),
  );
  dynamoDb.destroy();

  const records = Items.map((item) => unmarshall(item));
  const commanded = records.filter(({ change }) => change !== "reported");
  expect(commanded[0]).toMatchObject({
    v: 1,
    change: "home-added",
    home: "maple_street",
    subject: "maple_street",
    by: { command: "npm run add-home", accessKeyId: aws().credentials.accessKeyId },
  });
  expect(new Set(commanded.map(({ change }) => String(change)))).toEqual(
    new Set([
      "home-added",
      "home-changed",
      "member-joined",
      "member-left",
      "device-added",
      "home-deleted",
    ]),
  );
  expect(records.every(({ seal, expiresAt }) => Boolean(seal) && Number(expiresAt) > 0)).toBe(true);
});

test("a deletion that was cut off is finished by the same command", async () => {
  await done("add-home", "Cut off");
  await done("add-device", "Lamp", "--kind", "light", "--room", "Hall", "--home", "cut_off");
  await done("add-user", "cut", "--role", "operator", "--home", "cut_off");
  const registry = await localRegistry(house.data);
  const iot = new IoTClient(aws());
  await closeHome(registry, parseHomeId("cut_off"));
  registry.close();

  const finished = await done("delete-home", "cut_off", "--yes");

  expect(finished).toContain("1 device, 1 certificate, 1 member");
  const { things = [] } = await iot.send(new ListThingsCommand({}));
  iot.destroy();
  expect(things.map(({ thingName }) => thingName)).not.toContain("cut_off-lamp");
  expect((await run("delete-home", "cut_off", "--yes")).output).toContain("was deleted");
  expect(await groupsOf("cut")).toEqual([]);
});

test("of two who make a home of one id at once, one does", async () => {
  const both = await Promise.all([run("add-home", "Twin"), run("add-home", "twin")]);

  expect(both.map(({ code }) => code).toSorted()).toEqual([0, 2]);
});

test("a device whose id is given again does not inherit what the one before was asked", async () => {
  const lamp = ["Spare lamp", "--kind", "light", "--room", "Hall"];
  await done("add-device", ...lamp);
  const iot = new IoTDataPlaneClient(aws());
  await iot.send(
    new UpdateThingShadowCommand({
      thingName: "home-spare_lamp",
      payload: JSON.stringify({ state: { desired: { light: { on: true } } } }),
    }),
  );
  iot.destroy();
  await done("remove-device", "spare_lamp");

  await done("add-device", ...lamp, "--out", `${house.data}/devices/second`);

  await expect(house.shadowOf("home-spare_lamp")).rejects.toThrow("No shadow exists");
});

describe("what cannot be done", () => {
  beforeAll(async () => {
    await done("add-user", "stranger", "--role", "guest");
    await done("remove-user", "stranger");
  });

  const GRANT = ["operator", "--home", "home", "--for", "1h"];

  test.each<[string, string, readonly string[], string]>([
    ["a home without a name", "add-home", [], "one name"],
    ["a home by a name with a hidden sign", "add-home", ["Ho\u202eme"], "hidden"],
    ["a home by a name that makes no id", "add-home", ["7 Wege"], "--id"],
    ["a home by the id of another", "add-home", ["Other", "--id", "home"], "already"],
    ["a home by an id that is none", "add-home", ["Other", "--id", "Maple-Street"], "home id"],
    ["a home on Mars", "add-home", ["Other", "--time-zone", "Mars/Base"], "Mars/Base"],
    ["a role that is none", "add-user", ["eve", "--role", "king"], '"king"'],
    ["a member without a role", "add-user", ["eve"], "--role"],
    ["a member nowhere", "add-user", ["eve", "--role", "guest", "--home", "nowhere"], '"nowhere"'],
    [
      "a member until yesterday",
      "add-user",
      ["eve", "--role", "guest", "--until", "2020-01-01"],
      "2020-01-01 has passed",
    ],
    [
      "a member until a day that never comes",
      "add-user",
      ["eve", "--role", "guest", "--until", "2099-02-30"],
      "2099-02-30",
    ],
    ["a member with a space", "add-user", ["eve x", "--role", "guest"], "no username"],
    [
      "a home that somebody calls by a hidden sign",
      "add-user",
      ["eve", "--role", "guest", "--called", "a\u200bb"],
      "--called",
    ],
    ["an invitation to nowhere", "add-user", ["eve", "--invite", "--role", "guest"], "--email"],
    [
      "an address that is none",
      "add-user",
      ["eve", "--email", "eve", "--role", "guest"],
      "ada@example.org",
    ],
    [
      "a resident of every home",
      "add-user",
      ["eve", "--role", "resident", "--all"],
      "--role operator",
    ],
    [
      "a machine with a mailbox",
      "add-user",
      ["--machine", "--role", "guest", "--email", "m@example.org"],
      "--machine",
    ],
    ["to take out nobody", "remove-user", ["nobody"], '"nobody"'],
    ["to take out who is not in", "remove-user", ["stranger"], "does not belong"],
    ["to end what nobody began", "remove-user", ["guest", "--all"], "every home"],
    ["a grant without a reason", "grant", GRANT, "--why"],
    ["a grant for nothing", "grant", [...GRANT.slice(0, 3), "--for", "0", "--why", "x"], "--for"],
    [
      "a grant for longer than a day",
      "grant",
      [...GRANT.slice(0, 3), "--for", "25h", "--why", "x"],
      "24h",
    ],
    ["a grant to who lives there", "grant", [...GRANT, "--why", "x"], "--all"],
    ["a grant to nobody", "grant", ["nobody", ...GRANT.slice(1), "--why", "x"], '"nobody"'],
    ["to delete what never was", "delete-home", ["nowhere", "--yes"], '"nowhere"'],
  ])("%s is one line that says so, and nothing is changed", async (_, command, args, told) => {
    const before = await everything();

    const { code, output } = await run(command, ...args);

    expect(code).toBe(2);
    expect(output.split("\n")[0]).toContain(told);
    expect(output).not.toMatch(/^ +at /m);
    expect(await everything()).toEqual(before);
  });
});

/** The command as somebody with credentials of an account gives it, who has no folder of a house. */
const runRemote = (command: string, ...args: readonly string[]): Promise<Ended> => {
  const { region, credentials, endpoint } = house.home.stack.aws;
  return runScript(`${command}.ts`, [...args, "--aws", "--endpoint-url", endpoint], {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
};

test("with --aws each command does the same to a stack that is found by its name", async () => {
  const remote = async (command: string, ...args: readonly string[]): Promise<string> => {
    const { code, output } = await runRemote(command, ...args);
    expect(code, output).toBe(0);
    return output;
  };

  await remote("add-home", "Far away");
  const added = await remote("add-user", "fay", "--role", "resident", "--home", "far_away");
  await remote("add-user", "fay", "--role", "operator", "--all");
  await remote("remove-user", "fay", "--home", "far_away");
  await remote("grant", "fay", "--home", "far_away", "--for", "24h", "--why", "moving in");

  expect(passwordIn(added)).toMatch(/^Aa1-.{18}$/);
  expect(await remote("homes", "far_away")).toContain('because "moving in"');
  expect(await remote("delete-home", "far_away", "--yes")).toContain("1 member");
  expect(await remote("homes")).toMatch(/^far_away .* deleted$/m);
});

test("with --aws an invitation has no password that somebody else has seen: the service mails one", async () => {
  const before = await everything();

  const { code, output } = await runRemote(
    "add-user",
    ...["gil", "--invite", "--email", "gil@example.org", "--role", "guest"],
  );

  // The local Cognito, which sends no mail, is not given one, and says so.
  expect(code).toBe(2);
  expect(output).toMatch(/^AWS refused: InvalidParameterException, .*sends no mail/);
  expect(await everything()).toEqual(before);
});
