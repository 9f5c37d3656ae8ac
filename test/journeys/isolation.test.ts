import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { NO_RUN_KEY } from "#domain/home/keys.ts";
import { createHome } from "../../scripts/homes/directory.ts";
import { claimsOf } from "../local/cognito/support.ts";
import { startThreeHomes, type ThreeHomes } from "../support/three-homes.ts";

// Hostile attempts between homes, by people who are signed in as they are, over the wire. Ann lives in a, Bo in b, Cy
// in both; Gus is a guest of a and lives in b; Op looks after every home; Mac is a machine of a.

const BOTH = "smarthome-gateway/read smarthome-gateway/write";
const GROUPS = ["HOME#b", "residents#b", "a|residents"];

type Answer = Readonly<Record<string, unknown>>;
type Header = readonly [name: string, value: string];

let homes: ThreeHomes;
const tokens = new Map<string, string>();
const subs = new Map<string, string>();

beforeAll(async () => {
  homes = await startThreeHomes({ groups: GROUPS });
  const join = async (name: string, group: string, members: readonly (readonly string[])[]) => {
    const sub = await homes.addPerson(name, [group]);
    subs.set(name, sub);
    for (const [home = "", role, called = ""] of members) {
      await homes.addMember(sub, home, {
        role: role === "guest" ? "guest" : "resident",
        name: called,
      });
    }
    tokens.set(name, await homes.signIn(name, BOTH));
  };
  await join("ann", "residents", [["a", "resident", "Flat"]]);
  await join("bo", "residents", [["b", "resident", "Cabin"]]);
  await join("cy", "residents", [
    ["a", "resident", "Flat"],
    ["b", "resident", "Cabin"],
  ]);
  await join("gus", "residents", [
    ["a", "guest", "Ann's flat"],
    ["b", "resident", "Cabin"],
  ]);
  await join("op", "operators", []);
  await homes.addOperatorOfAll(subs.get("op") ?? "");
  await homes.addMember(homes.registry.machineClientId, "a", { name: "Flat" });
  tokens.set("mac", (await machineToken({})).access_token);
}, 120_000);
afterAll(() => homes?.close());

const machineToken = async (
  more: Readonly<Record<string, string>>,
): Promise<{ readonly access_token: string }> => {
  const { domain, clients } = homes.house.endpoints.cognito;
  const { clientId, clientSecret = "" } = clients.machine;
  const response = await fetch(`${domain}/oauth2/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials", ...more }),
  });
  return (await response.json()) as { readonly access_token: string };
};

/** One message to the gateway, and its answer. */
const send = async (
  token: string,
  method: string,
  params: unknown,
  headers: readonly Header[] = [],
): Promise<Answer> => {
  const all = new Headers();
  for (const [name, value] of headers) all.append(name, value);
  all.set("authorization", `Bearer ${token}`);
  all.set("content-type", "application/json");
  all.set("accept", "application/json, text/event-stream");
  const response = await fetch(homes.house.endpoints.gateway.url, {
    method: "POST",
    headers: all,
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }),
  });
  const text = await response.text();
  return JSON.parse(text.replace(/^(?:.*\n)*?data: /, "")) as Answer;
};

const call = async (
  who: string,
  tool: string,
  args: Answer,
  headers: readonly Header[] = [],
): Promise<Answer> => {
  const message = await send(
    tokens.get(who) ?? who,
    "tools/call",
    { name: `home___${tool}`, arguments: args },
    headers,
  );
  const { result } = message as {
    readonly result?: { readonly content?: readonly { readonly text?: string }[] };
  };
  const text = result?.content?.[0]?.text;
  if (text === undefined) throw new Error(`no answer: ${JSON.stringify(message)}`);
  return JSON.parse(text) as Answer;
};

const goodnight = (who: string, args: Answer = {}): Promise<Answer> =>
  call(who, "run_scene", { scene: "goodnight", ...args });

const errorOf = (answer: Answer): { readonly code?: string; readonly message?: string } =>
  (answer.error ?? {}) as { readonly code?: string; readonly message?: string };
const codeOf = (answer: Answer): string | undefined => errorOf(answer).code;

// Called by the clock, for nobody.
const CLOCKWORK = /AuditLogSealRecords|RunSweeperSweepRuns/;

/** Partition keys that the functions of a call asked for or wrote, since the log was emptied. */
const keys = (): readonly string[] =>
  homes.calls
    .filter(({ request }) => !CLOCKWORK.test(request.caller.arn))
    .flatMap(({ permissions }) =>
      permissions.flatMap(({ context }) => [context?.["dynamodb:LeadingKeys"] ?? []].flat()),
    )
    // A process that has just been started asks for no home's; and that a call was refused is recorded, in another such.
    .filter((key) => key !== NO_RUN_KEY && !/^REFUSED#\d{4}-\d\d-\d\d$/.test(key));
/** Things that were published to, since. */
const commanded = (): readonly string[] =>
  homes.calls
    .flatMap(({ permissions }) => permissions)
    .filter(({ action }) => action === "iot:Publish")
    .map(({ resource }) => resource.replace(/^.*\/things\/|\/shadow.*$/g, ""))
    .toSorted();
const forget = (): void => {
  homes.calls.length = 0;
};

describe("which home is meant", () => {
  test("attempt 1: somebody else's home is unknown, the answer names the caller's own, and nothing of the other is read", async () => {
    forget();

    const answer = await goodnight("ann", { home: "b" });

    expect(answer.error).toEqual({
      code: "HomeUnknown",
      message: 'No home of yours is called "b". Yours: "Flat" (a). Nothing was changed.',
      closest: ["a"],
    });
    expect(keys()).toEqual([`PRINCIPAL#${subs.get("ann")}`]);
  });

  test("attempt 2: a home that does not exist is unknown in the very same words", async () => {
    const foreign = await goodnight("ann", { home: "b" });
    const missing = await goodnight("ann", { home: "zzz" });

    expect(JSON.stringify(missing).replaceAll("zzz", "b")).toBe(JSON.stringify(foreign));
  });

  test("attempt 3: who has two homes is asked which, and nothing is sent", async () => {
    forget();

    const answer = await goodnight("cy");

    expect(answer.error).toEqual({
      code: "HomeAmbiguous",
      message:
        'You have 2 homes: "Flat" (a), "Cabin" (b). Ask which one is meant and call again with "home". Nothing was changed.',
      closest: ["a", "b"],
    });
    expect(keys()).toEqual([`PRINCIPAL#${subs.get("cy")}`]);
    expect(commanded()).toEqual([]);
  });

  test("attempt 4: a guest whose token may write runs nothing where he is a guest, and does where he lives", async () => {
    forget();

    const inA = await goodnight("gus", { home: "a" });
    const nothingSent = commanded();
    const inB = await goodnight("gus", { home: "b" });

    expect(codeOf(inA)).toBe("NotAllowed");
    expect(errorOf(inA).message).toContain(`In "Ann's flat" you are a guest`);
    expect(nothingSent).toEqual([]);
    expect(inB).toMatchObject({ result: "done", devices: 2 });
    expect(commanded()).toEqual(["b-front_door", "b-hall_lamp"]);
  });

  test("attempt 33: a scene that two homes call the same is each home's own", async () => {
    forget();
    const unnamed = await call("cy", "plan_scene", { scene: "bed time" });
    const inA = await goodnight("cy", { home: "Flat", scene: "bed time" });
    const sentInA = commanded();
    forget();
    const inB = await goodnight("cy", { home: "Cabin", scene: "bed time" });

    expect(codeOf(unnamed)).toBe("HomeAmbiguous");
    expect([inA.result, inB.result]).toEqual(["done", "done"]);
    expect(String(inA.say)).toMatch(/^Flat/);
    expect(String(inB.say)).toMatch(/^Cabin/);
    expect(sentInA).toEqual(["a-front_door", "a-hall_lamp"]);
    expect(commanded()).toEqual(["b-front_door", "b-hall_lamp"]);
  });

  const RIGHT_TO_LEFT = "\u202eb";
  test.each([
    ["a key's sign", "a#RUN", "HomeUnknown"],
    ["a slash", "a/b", "HomeUnknown"],
    ["a star", "*", "HomeUnknown"],
    ["a right-to-left mark", RIGHT_TO_LEFT, "ArgumentsInvalid"],
    ["10 kB", "b".repeat(10_240), "ArgumentsInvalid"],
  ])(
    "attempt 23: a home with %s is none, and is quoted cut and printable",
    async (_, home, code) => {
      forget();

      const answer = await goodnight("ann", { home });

      expect(codeOf(answer)).toBe(code);
      const { message = "" } = errorOf(answer);
      expect(message.length).toBeLessThan(300);
      expect(message).not.toContain(RIGHT_TO_LEFT);
      expect(keys().filter((key) => key.startsWith("HOME#"))).toEqual([]);
    },
  );
});

describe("runs", () => {
  test("attempt 5: another home's run is unknown, in the words of one that never was", async () => {
    const { run_id } = await goodnight("bo");
    const none = "run_00000000000000000000";

    const foreign = await call("ann", "get_run", { run_id });
    const missing = await call("ann", "get_run", { run_id: none });

    expect(codeOf(foreign)).toBe("RunUnknown");
    expect(JSON.stringify(foreign).replaceAll(String(run_id), none)).toBe(JSON.stringify(missing));
  });

  test("attempt 6: one's own run is not found through somebody else's home", async () => {
    const { run_id } = await goodnight("ann");

    expect(codeOf(await call("ann", "get_run", { run_id, home: "b" }))).toBe("HomeUnknown");
    expect(await call("ann", "get_run", { run_id })).toMatchObject({ run_id, result: "done" });
  });

  test("attempt 7: the same request_id in two homes is two runs, each with its own home's result", async () => {
    forget();
    const inA = await goodnight("cy", { home: "a", request_id: "r1" });
    const inB = await goodnight("cy", { home: "b", request_id: "r1" });
    const again = await goodnight("cy", { home: "b", request_id: "r1" });

    expect(inA.run_id).not.toBe(inB.run_id);
    expect(again.run_id).toBe(inB.run_id);
    expect([inA, inB]).toMatchObject([{ result: "done" }, { result: "done" }]);
    expect(commanded()).toEqual(["a-front_door", "a-hall_lamp", "b-front_door", "b-hall_lamp"]);
  });

  test("attempt 8: the same request_id of two people is two runs", async () => {
    const ann = await goodnight("ann", { request_id: "r2" });
    const bo = await goodnight("bo", { request_id: "r2" });
    const cy = await goodnight("cy", { home: "a", request_id: "r2" });

    expect(new Set([ann.run_id, bo.run_id, cy.run_id]).size).toBe(3);
  });
});

describe("who calls", () => {
  test.each<[string, () => readonly Header[]]>([
    ["a home", () => [["x-caller-home", "b"]]],
    ["another caller", () => [["X-Caller-Sub", subs.get("bo") ?? ""]]],
    [
      "another caller twice, in other letters",
      () => [
        ["x-caller-sub", subs.get("bo") ?? ""],
        ["X-CALLER-SUB", subs.get("bo") ?? ""],
      ],
    ],
    [
      "a role",
      () => [
        ["x-caller-scopes", BOTH],
        ["x-caller-role", "operator"],
      ],
    ],
  ])("attempt 24: is told by the token, and not by a header that names %s", async (_, headers) => {
    forget();

    const answer = await call("ann", "get_home", {}, headers());
    const inB = await call("ann", "get_home", { home: "b" }, headers());

    expect(answer).toMatchObject({ say: "The home has 2 devices in 1 room and 1 scene." });
    expect(codeOf(inB)).toBe("HomeUnknown");
    expect(new Set(keys())).toEqual(
      new Set([`PRINCIPAL#${subs.get("ann")}`, "HOME#a", "HOME#a#SCENES"]),
    );
  });

  test("attempt 25: client metadata changes no token, and a machine calls in its own home", async () => {
    const aws_client_metadata = JSON.stringify({ home: "b" });
    const { access_token } = await machineToken({ aws_client_metadata });
    forget();

    const answer = await goodnight(access_token);
    const inB = await goodnight(access_token, { home: "b" });

    expect(Object.keys(claimsOf(access_token)).toSorted()).toEqual(
      Object.keys(claimsOf(tokens.get("mac") ?? "")).toSorted(),
    );
    expect(JSON.stringify(claimsOf(access_token))).not.toContain('"b"');
    expect(answer).toMatchObject({ result: "done" });
    expect(codeOf(inB)).toBe("HomeUnknown");
    expect(commanded()).toEqual(["a-front_door", "a-hall_lamp"]);
  });

  test("attempt 25: nor does client metadata change the token of somebody who signs in with a code", async () => {
    const token = await homes.signIn("ann", BOTH, {
      aws_client_metadata: JSON.stringify({ home: "b" }),
    });

    const inB = await goodnight(token, { home: "b" });

    expect(Object.keys(claimsOf(token)).toSorted()).toEqual(
      Object.keys(claimsOf(tokens.get("ann") ?? "")).toSorted(),
    );
    expect(codeOf(inB)).toBe("HomeUnknown");
  });

  test("attempt 27: a group that is called as a key, a home or a role gives no scope and no home", async () => {
    await homes.addPerson("ned", GROUPS);
    await homes.addPerson("nell", [...GROUPS, "residents"]);
    const ned = await homes.signIn("ned", BOTH);
    const nell = await homes.signIn("nell", BOTH);

    const withoutScope = await send(ned, "tools/call", {
      name: "home___get_home",
      arguments: { home: "b" },
    });
    const withoutHome = await call(nell, "get_home", { home: "b" });

    expect(String(claimsOf(ned).scope)).not.toContain("smarthome-gateway");
    expect(JSON.stringify(withoutScope)).not.toContain("rooms");
    expect(codeOf(withoutHome)).toBe("NoHome");
  });
});

describe("who belongs there no longer", () => {
  test("attempt 28: is refused at the next call, whatever the token says", async () => {
    const sub = await homes.addPerson("dee", ["residents"]);
    await homes.addMember(sub, "b", { name: "Cabin" });
    const dee = await homes.signIn("dee", BOTH);
    const list = await send(dee, "tools/list", {});
    await homes.removeMember(sub, "b");
    forget();

    const answer = await goodnight(dee);

    expect(JSON.stringify(list)).toContain("home___run_scene");
    expect(codeOf(answer)).toBe("NoHome");
    expect(keys()).toEqual([`PRINCIPAL#${sub}`]);
  });

  test("attempt 28: sees a run to its end that was under way, and finds it nowhere afterwards", async () => {
    const sub = await homes.addPerson("dan", ["residents"]);
    await homes.addMember(sub, "b", { name: "Cabin" });
    const dan = await homes.signIn("dan", BOTH);
    await homes.devices.b?.setFault("hall_lamp", "slow:1000");
    forget();
    const running = goodnight(dan, { request_id: "last" });
    await expect.poll(commanded, { timeout: 20_000 }).toContain("b-hall_lamp");
    await homes.removeMember(sub, "b");

    const { run_id, result } = await running;
    const afterwards = await call(dan, "get_run", { run_id });
    await homes.devices.b?.setFault("hall_lamp");

    expect(result).toBe("done");
    expect(codeOf(afterwards)).toBe("NoHome");
    expect(await call("bo", "get_run", { run_id })).toMatchObject({ run_id, result });
  });

  test("attempt 29: a home that was deleted is nobody's, and its id is never given again", async () => {
    await homes.addHome("gone");
    const sub = await homes.addPerson("fay", ["residents"]);
    await homes.addMember(sub, "gone", { name: "Barn" });
    const fay = await homes.signIn("fay", BOTH);
    expect(await call(fay, "get_home", {})).toMatchObject({ scenes: [{ scene: "goodnight" }] });
    await bury("gone");

    const stillMember = await call(fay, "get_home", {});
    await homes.removeMember(sub, "gone");
    const member = await call(fay, "get_home", {});
    const again = createHome(homes.registry, {
      home: parseHomeId("gone"),
      name: "Gone",
      timeZone: "Europe/Berlin",
      state: "active",
      createdAt: "2026-11-27T00:00:00.000Z",
    });

    expect(codeOf(stillMember)).toBe("HomeUnknown");
    expect(codeOf(member)).toBe("NoHome");
    await expect(again).rejects.toThrow("never given twice");
  });
});

/** What is left of a home that was deleted. */
const bury = async (home: string): Promise<void> => {
  const { dynamoDb, homeTable } = homes.registry;
  const tombstone = {
    ...{ v: 1, home, name: home, timeZone: "Europe/Berlin", state: "deleted" },
    createdAt: "2026-11-01T00:00:00.000Z",
  };
  for (const key of [
    { PK: `HOME#${home}`, SK: "META" },
    { PK: "HOMES", SK: home },
  ]) {
    await dynamoDb.send(
      new PutItemCommand({ TableName: homeTable, Item: marshall({ ...key, ...tombstone }) }),
    );
  }
};

describe("who looks after every home", () => {
  test("attempt 34: is answered, and whose home it is finds who looked at what", async () => {
    const { run_id } = await goodnight("ann");
    forget();

    const answer = await call("op", "get_run", { run_id, home: "a" });

    expect(answer).toMatchObject({ run_id, result: "done" });
    // The sealer writes at any time.
    const visit = homes.calls.find(
      ({ permissions, request }) =>
        permissions.some(({ action }) => action === "dynamodb:PutItem") &&
        request.body.includes("HOME#a#ACCESS#"),
    );
    expect(JSON.parse(visit?.request.body.toString("utf8") ?? "{}")).toMatchObject({
      Item: {
        home: { S: "a" },
        sub: { S: subs.get("op") },
        username: { S: "op" },
        role: { S: "operator" },
        tool: { S: "get_run" },
        subject: { S: run_id },
      },
    });
  });

  test("attempt 35: runs nothing there without a grant, nor with one that ended a second ago", async () => {
    forget();
    const without = await goodnight("op", { home: "a" });
    await homes.addMember(subs.get("op") ?? "", "a", {
      role: "operator",
      reason: "ticket 4711",
      expiresAtEpochSeconds: Math.floor(Date.now() / 1000) - 1,
    });
    const ended = await goodnight("op", { home: "a" });

    expect([codeOf(without), codeOf(ended)]).toEqual(["NotAllowed", "NotAllowed"]);
    expect(commanded()).toEqual([]);
  });
});
