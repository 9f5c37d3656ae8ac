import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as mcp from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { accessKey, fleetAccessKey } from "#domain/home/keys.ts";
import {
  type NewMembership,
  putMembership,
  putOperatorOfAll,
} from "../../../scripts/homes/members.ts";
import { createPerson } from "../../../scripts/homes/people.ts";
import { readHomeFile, seedHome } from "../../../scripts/homes/seed-home.ts";
import { startHouseProcess } from "../../../scripts/start/house-process.ts";
import { DEMO_HOME_FILE } from "../../../scripts/start/start-home.ts";
import { assemblyWithout } from "../../support/assembly-without.ts";
import { runScript } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { personOf } from "../../support/person.ts";

type Item = Readonly<Record<string, unknown>>;

const CABIN = parseHomeId("cabin");
const PASSWORD = "Longer-than-12-0";
// Without the blinds, which take their time.
const MOVIE_NIGHT = { scene: "movie_night", except: ["living room blinds"] };

/** A house with a cabin beside it, both of the same rooms and scenes, and Olga, who looks after every home. */
interface TwoHomes {
  readonly house: Journey;
  readonly olga: string;
  /** Signs in through the page and gives what calls the tools of both targets. */
  connect(username: string): Promise<(tool: string, args: Item) => Promise<Item>>;
  /** The tools that somebody is shown. */
  toolsOf(username: string): Promise<readonly string[]>;
  /** Writes a membership of Olga, in the cabin unless another home is named, as `npm run grant` does. */
  grant(
    membership: Partial<Pick<NewMembership, "home">> &
      Pick<NewMembership, "reason" | "expiresAtEpochSeconds">,
  ): Promise<void>;
  /** All records of a partition of the audit table. */
  recordsOf(partition: string): Promise<readonly Item[]>;
  close(): Promise<void>;
}

const startTwoHomes = async (options: { readonly assembly?: string } = {}): Promise<TwoHomes> => {
  const house = await startJourney(options);
  const { endpoint, region, credentials } = house.home.stack.aws;
  const dynamoDb = new DynamoDBClient({ endpoint, region, credentials });
  const cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials });
  const { tables } = house.home.endpoints.aws;
  const table = { dynamoDb, homeTable: tables.home };
  const at = new Date().toISOString();
  await seedHome(
    table,
    { home: CABIN, name: "Cabin", timeZone: "Europe/Oslo", state: "active", createdAt: at },
    readHomeFile(DEMO_HOME_FILE, { home: CABIN, thingPrefix: "" }),
    async () => [],
  );
  const cabin = await startHouseProcess({
    mqttUrl: house.home.endpoints.mqtt.url,
    homeFile: DEMO_HOME_FILE,
    home: CABIN,
    stateFile: join(house.data, "cabin.json"),
  });
  const pool = { cognito, userPoolId: house.home.endpoints.cognito.issuer.split("/").at(-1) ?? "" };
  const { sub: olga } = await createPerson(pool, "olga", { sendsMail: false });
  const who = { UserPoolId: pool.userPoolId, Username: "olga" };
  await cognito.send(
    new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }),
  );
  await cognito.send(new AdminAddUserToGroupCommand({ ...who, GroupName: "operators" }));
  await putOperatorOfAll(table, { sub: olga, who: "olga", by: "test", since: at });
  const clients: mcp.Client[] = [];
  const signIn = async (username: string): Promise<mcp.Client> => {
    const password = username === "olga" ? PASSWORD : undefined;
    const person = personOf(house.home.endpoints, username, password);
    const { access_token } = await person.tokens("smarthome-gateway/read smarthome-gateway/write");
    const client = new mcp.Client({ name: "test", version: "1" });
    clients.push(client);
    await client.connect(
      new mcp.StreamableHTTPClientTransport(new URL(house.home.endpoints.gateway.url), {
        requestInit: { headers: { authorization: `Bearer ${access_token}` } },
      }),
    );
    return client;
  };
  return {
    house,
    olga,
    toolsOf: async (username) => {
      const { tools } = await (await signIn(username)).listTools();
      return tools.map(({ name }) => name);
    },
    connect: async (username) => {
      const client = await signIn(username);
      return async (tool, args) => {
        const { structuredContent } = await client.callTool({ name: tool, arguments: args });
        return structuredContent as Item;
      };
    },
    grant: (membership) =>
      putMembership(table, {
        sub: olga,
        home: CABIN,
        role: "operator",
        name: "cabin",
        who: "olga",
        by: "test",
        since: at,
        ...membership,
      }),
    recordsOf: async (partition) => {
      const { Items = [] } = await dynamoDb.send(
        new QueryCommand({
          TableName: tables.audit,
          KeyConditionExpression: "PK = :partition",
          ExpressionAttributeValues: { ":partition": { S: partition } },
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => unmarshall(item));
    },
    close: async () => {
      for (const client of clients) await client.close();
      dynamoDb.destroy();
      cognito.destroy();
      await cabin.close();
      await house.close();
    },
  };
};

const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const codeIn = (answer: Item): unknown => (answer.error as Item | undefined)?.code;
const today = (): string => new Date().toISOString().slice(0, 10);

describe("who looks after every home", () => {
  let homes: TwoHomes;
  let call: Awaited<ReturnType<TwoHomes["connect"]>>;
  beforeAll(async () => {
    homes = await startTwoHomes();
    call = await homes.connect("olga");
  });
  afterAll(() => homes?.close());

  const visits = () => homes.recordsOf(accessKey(CABIN, today().slice(0, 7)));

  // REQ: fleet-apart
  test("sees all homes' runs in one list, without rooms, devices or people, and each page is a record", async () => {
    const resident = await homes.connect("resident");
    const flat = await resident("home___run_scene", { ...MOVIE_NIGHT, reason: "Anna is tired" });
    await homes.grant({ reason: "ticket 4711", expiresAtEpochSeconds: secondsFromNow(600) });
    const cabin = await call("home___run_scene", { ...MOVIE_NIGHT, home: "cabin" });

    const list = await call("fleet___list_fleet_runs", {});

    expect(list.runs).toEqual([
      {
        home: "cabin",
        run_id: cabin.run_id,
        scene: "movie_night",
        result: "done",
        requested_at: cabin.requested_at,
      },
      {
        home: "home",
        run_id: flat.run_id,
        scene: "movie_night",
        result: "done",
        requested_at: flat.requested_at,
      },
    ]);
    expect(JSON.stringify(list)).not.toMatch(/anna|resident|olga|living|room|lamp|blinds|tired/i);
    expect(await homes.recordsOf(fleetAccessKey(today()))).toMatchObject([
      { v: 1, sub: homes.olga, username: "olga", tool: "list_fleet_runs", day: today() },
    ]);
  });

  test("is shown the operators' tools, which a resident is not", async () => {
    expect(await homes.toolsOf("olga")).toEqual(
      expect.arrayContaining([
        "fleet___list_fleet_runs",
        "audit___list_runs",
        "audit___explain_run",
        "audit___verify_runs",
      ]),
    );
    expect(await homes.toolsOf("resident")).toEqual([
      "home___get_home",
      "home___get_state",
      "home___plan_scene",
      "home___run_scene",
      "home___set_devices",
      "home___get_run",
      "home___undo_run",
      "home___save_scene",
      "home___explain_device",
      "home___schedule_scene",
    ]);
  });

  // REQ: fleet-apart
  test.each(["resident", "operator", "guest"])(
    "is not the %s of one home, who is refused",
    async (username) => {
      const theirs = await homes.connect(username);
      const before = await homes.recordsOf(fleetAccessKey(today()));

      const answer = await theirs("fleet___list_fleet_runs", {});

      expect(codeIn(answer)).toBe("NotAllowed");
      expect(await homes.recordsOf(fleetAccessKey(today()))).toEqual(before);
    },
  );

  // REQ: visits-recorded
  test("looks at a home that is named, and the people of the home see who looked", async () => {
    await homes.grant({ reason: "over", expiresAtEpochSeconds: secondsFromNow(-1) });
    const before = await visits();

    const answer = await call("home___get_home", { home: "cabin" });

    expect(answer.home).toBe("cabin");
    expect((await visits()).slice(before.length)).toMatchObject([
      {
        v: 1,
        home: "cabin",
        sub: homes.olga,
        username: "olga",
        role: "operator",
        tool: "get_home",
      },
    ]);
    const { code, output } = await runScript("audit.ts", [
      "access",
      ...["--home", "cabin"],
      ...["--data", homes.house.data],
    ]);
    expect(code).toBe(0);
    expect(output).toMatch(/Z {2}olga \(operator\) {2}get_home {2}no reason given/);
  });

  // REQ: visits-recorded
  test("is seen by those who live there, with the reason that was given", async () => {
    const resident = await homes.connect("resident");
    const guest = await homes.connect("guest");
    await homes.grant({
      home: parseHomeId("home"),
      reason: "ticket 4713",
      expiresAtEpochSeconds: secondsFromNow(600),
    });

    await call("home___get_home", { home: "home" });

    const seen = await resident("home___get_home", { detail: "full" });
    expect(seen.visits).toMatchObject([
      { who: "olga", role: "operator", tool: "get_home", reason: "ticket 4713" },
    ]);
    expect(await guest("home___get_home", { detail: "full" })).not.toHaveProperty("visits");
    await homes.grant({
      home: parseHomeId("home"),
      reason: "ticket 4713",
      expiresAtEpochSeconds: secondsFromNow(-1),
    });
  });

  test("switches nothing there without a grant, nor a second after it ended", async () => {
    await homes.grant({ reason: "ticket 4711", expiresAtEpochSeconds: secondsFromNow(-1) });
    const before = await call("fleet___list_fleet_runs", {});

    const ended = await call("home___run_scene", { ...MOVIE_NIGHT, home: "cabin" });
    const never = await call("home___run_scene", { ...MOVIE_NIGHT, home: "home" });

    expect([codeIn(ended), codeIn(never)]).toEqual(["NotAllowed", "NotAllowed"]);
    expect((await call("fleet___list_fleet_runs", {})).runs).toEqual(before.runs);
  });

  test("switches there while it is granted, and the run's record tells the role and the reason", async () => {
    await homes.grant({ reason: "ticket 4712", expiresAtEpochSeconds: secondsFromNow(600) });

    const result = await call("home___run_scene", { ...MOVIE_NIGHT, home: "cabin" });

    expect(result).toMatchObject({ home: "cabin", result: "done" });
    const records = await homes.recordsOf(`HOME#cabin#RUN#${String(result.run_id)}`);
    expect(records.find(({ SK }) => SK === "RUN")).toMatchObject({
      role: "operator",
      visitReason: "ticket 4712",
      caller: { sub: homes.olga, username: "olga" },
    });
    expect((await visits()).at(-1)).toMatchObject({
      tool: "run_scene",
      subject: "movie_night",
      reason: "ticket 4712",
    });
  });

  // REQ: audit-operators-only
  test("as the operator of a home, is told of its runs, each look a record, and a resident is refused", async () => {
    const operator = await homes.connect("operator");
    const resident = await homes.connect("resident");

    const list = await operator("audit___list_runs", { person: "resident" });
    const [run] = list.runs as readonly Item[];
    const explained = await operator("audit___explain_run", { run_id: run?.run_id });
    const refused = await resident("audit___list_runs", {});

    expect(list.runs).toMatchObject([
      { scene: "movie_night", result: "done", reason: "Anna is tired", requested_by: "resident" },
    ]);
    expect(explained).toMatchObject({
      run_id: run?.run_id,
      requested_by: "resident",
      role: "resident",
      reason: "Anna is tired",
      devices: expect.arrayContaining([
        expect.objectContaining({ device: "television", outcome: "confirmed" }),
      ]) as unknown,
    });
    expect(codeIn(refused)).toBe("NotAllowed");
    const looks = await homes.recordsOf(accessKey(parseHomeId("home"), today().slice(0, 7)));
    expect(looks.slice(-2).map(({ username, tool, subject }) => [username, tool, subject])).toEqual(
      [
        ["operator", "list_runs", '{"person":"resident"}'],
        ["operator", "explain_run", run?.run_id],
      ],
    );
  });
});

test.each([
  ["home may record who looks", "home___get_home", { home: "cabin" }, "rooms"],
  ["fleet may record who looks", "fleet___list_fleet_runs", {}, "runs"],
] as const)("without the grant %j a look is not answered", async (grant, tool, args, told) => {
  const homes = await startTwoHomes({ assembly: assemblyWithout({ leaveOutGrants: [grant] }) });
  onTestFinished(() => homes.close());
  const call = await homes.connect("olga");

  const answer = await call(tool, args);

  expect(codeIn(answer)).toBe("VisitNotRecorded");
  expect(Object.keys(answer)).toEqual(["error"]);
  expect(answer[told]).toBeUndefined();
});
