import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  type DeviceAction,
  type DevicePermissions,
  devicePermissions,
} from "#local/iot/broker/device-permissions.ts";
import { type Database, openDatabase } from "#local/iot/database/database.ts";
import { topicMatcher } from "#local/iot/messages/topic.ts";
import { type CertificateTable, certificateTable } from "#local/iot/registry/certificate-table.ts";
import { type ThingTable, thingTable } from "#local/iot/registry/thing-table.ts";
import { parsePolicy } from "#local/policy/policy.ts";
import { DEVICE_POLICY } from "../../local/iot/device-policy.ts";
import { resourcesOf, synthesizedTemplate } from "../aws/synthesized.ts";

const IOT = "arn:aws:iot:us-east-1:000000000000";
const CERTIFICATE = "c".repeat(64);

const databases: Database[] = [];
afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

interface Registry {
  readonly database: Database;
  readonly certificates: CertificateTable;
  readonly things: ThingTable;
  readonly permissions: DevicePermissions;
  may(clientId: string, action: DeviceAction, resource: string): boolean;
}

/** One active certificate with all of these policies, which is attached to the registered thing `lamp`. */
const registryWith = (...statements: readonly (readonly object[])[]): Registry => {
  const database = openDatabase(":memory:");
  databases.push(database);
  const certificates = certificateTable(database);
  const things = thingTable(database);
  const policies = new Map(
    statements.map((Statement, index) => [
      `P${index}`,
      parsePolicy({ Version: "2012-10-17", Statement }, "identity", "P"),
    ]),
  );
  const arn = (resource: string): string => `${IOT}:${resource}`;
  const permissions = devicePermissions({ certificates, things, policies, arn });
  certificates.create({ id: CERTIFICATE, pem: "", status: "ACTIVE", createdMs: 0 });
  things.create("lamp", { room: "hall", odd: "a*?$b" });
  certificates.things.attach(CERTIFICATE, "lamp");
  for (const name of policies.keys()) certificates.policies.attach(CERTIFICATE, name);
  return {
    database,
    certificates,
    things,
    permissions,
    may: (clientId, action, resource) =>
      permissions.allows({ certificateId: CERTIFICATE, clientId }, action, resource),
  };
};

const allow = (Action: DeviceAction, Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource: `${IOT}:${Resource}`,
  ...more,
});
const deny = (Action: DeviceAction, Resource: string, more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: "Deny",
});

describe("policy variables", () => {
  test.each<[string, string, string, string, boolean]>([
    ["the client id", "topic/${iot:ClientId}", "anybody", "topic/anybody", true],
    ["the client id, of somebody else", "topic/${iot:ClientId}", "anybody", "topic/lamp", false],
    [
      "the client id, twice in one pattern",
      "topic/${iot:ClientId}/${iot:ClientId}",
      "a",
      "topic/a/a",
      true,
    ],
    ["the thing's name", "topic/${iot:Connection.Thing.ThingName}", "lamp", "topic/lamp", true],
    [
      "the thing's name for another client id",
      "topic/${iot:Connection.Thing.ThingName}",
      "lamp2",
      "topic/lamp",
      false,
    ],
    [
      "the thing's name for a client id in capitals",
      "topic/${iot:Connection.Thing.ThingName}",
      "LAMP",
      "topic/lamp",
      false,
    ],
    [
      "the thing's name without a client id",
      "topic/${iot:Connection.Thing.ThingName}",
      "",
      "topic/",
      false,
    ],
    ["an attribute", "topic/${iot:Connection.Thing.Attributes[room]}", "lamp", "topic/hall", true],
    [
      "an attribute, for another client id",
      "topic/${iot:Connection.Thing.Attributes[room]}",
      "lamp2",
      "topic/hall",
      false,
    ],
    [
      "an attribute that the thing has not",
      "topic/${iot:Connection.Thing.Attributes[floor]}",
      "lamp",
      "topic/",
      false,
    ],
    [
      "an attribute with wildcards in it, as it is",
      "topic/${iot:Connection.Thing.Attributes[odd]}",
      "lamp",
      "topic/a*?$b",
      true,
    ],
    [
      "an attribute with wildcards in it, as a pattern",
      "topic/${iot:Connection.Thing.Attributes[odd]}",
      "lamp",
      "topic/axxxx$b",
      false,
    ],
    ["a variable that does not exist", "topic/${iot:Nothing}*", "lamp", "topic/x", false],
    [
      "a variable that does not exist, as text",
      "topic/${iot:Nothing}",
      "lamp",
      "topic/${iot:Nothing}",
      false,
    ],
    ["a name of JavaScript's own", "topic/${constructor}*", "lamp", "topic/x", false],
    ["a variable within a variable", "topic/${${iot:ClientId}}*", "lamp", "topic/lamp", false],
    ["${*} as a star", "topic/a${*}", "lamp", "topic/a*", true],
    ["${*} as anything else", "topic/a${*}", "lamp", "topic/ab", false],
  ])("%s", (_what, pattern, clientId, resource, expected) => {
    const registry = registryWith([allow("iot:Publish", pattern)]);

    expect(registry.may(clientId, "iot:Publish", resource)).toBe(expected);
  });

  test.each<[string, object, string, boolean]>([
    ["IsAttached", { Bool: { "iot:Connection.Thing.IsAttached": "true" } }, "lamp", true],
    [
      "IsAttached, for another client id",
      { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
      "other",
      false,
    ],
    [
      "not IsAttached, for another client id",
      { Bool: { "iot:Connection.Thing.IsAttached": "false" } },
      "other",
      true,
    ],
    [
      "the thing's name",
      { StringEquals: { "iot:Connection.Thing.ThingName": "lamp" } },
      "lamp",
      true,
    ],
    [
      "the thing's name, where there is none",
      { StringNotEquals: { "iot:Connection.Thing.ThingName": "lamp" } },
      "other",
      false,
    ],
    [
      "a variable beside a variable",
      { StringEquals: { "iot:ClientId": "${iot:Connection.Thing.ThingName}" } },
      "lamp",
      true,
    ],
    [
      "a variable without a value",
      { StringNotEquals: { "iot:ClientId": "${iot:Connection.Thing.ThingName}" } },
      "other",
      false,
    ],
    [
      "an attribute",
      { StringLike: { "iot:Connection.Thing.Attributes[room]": "h?ll" } },
      "lamp",
      true,
    ],
  ])("in a condition: %s", (_what, Condition, clientId, expected) => {
    const registry = registryWith([allow("iot:Publish", "topic/*", { Condition })]);

    expect(registry.may(clientId, "iot:Publish", "topic/a")).toBe(expected);
  });

  test("are of the thing only while it is registered and the certificate attached to it", () => {
    const registry = registryWith([
      allow("iot:Publish", "topic/${iot:Connection.Thing.ThingName}"),
    ]);
    const may = (): boolean => registry.may("lamp", "iot:Publish", "topic/lamp");

    const answers = [may()];
    registry.things.remove("lamp");
    answers.push(may());
    registry.things.create("lamp", {});
    answers.push(may());
    registry.certificates.things.detach(CERTIFICATE, "lamp");
    answers.push(may());
    registry.certificates.things.attach(CERTIFICATE, "lamp");
    answers.push(may());

    expect(answers).toEqual([true, false, true, false, true]);
  });

  test("are of the thing that the certificate is attached to exclusively, whatever the client id", () => {
    const registry = registryWith([
      allow("iot:Publish", "topic/${iot:Connection.Thing.ThingName}"),
    ]);
    registry.things.create("blind", {});
    registry.certificates.things.detach(CERTIFICATE, "lamp");
    registry.certificates.things.attachExclusively(CERTIFICATE, "lamp");
    const may = (clientId: string, thing: string): boolean =>
      registry.may(clientId, "iot:Publish", `topic/${thing}`);

    const answers = [may("lamp", "lamp"), may("blind", "lamp"), may("blind", "blind")];

    expect(answers).toEqual([true, true, false]);
  });

  test("are of no thing that another certificate is attached to", () => {
    const registry = registryWith([
      allow("iot:Connect", "client/${iot:Connection.Thing.ThingName}"),
    ]);
    const other = "d".repeat(64);
    registry.certificates.create({ id: other, pem: "", status: "ACTIVE", createdMs: 0 });
    registry.certificates.policies.attach(other, "P0");

    const allowed = registry.permissions.allows(
      { certificateId: other, clientId: "lamp" },
      "iot:Connect",
      "client/lamp",
    );

    expect(allowed).toBe(false);
  });
});

describe("a client id matches nothing but itself:", () => {
  const IDS = [
    "*",
    "?",
    "$",
    "+",
    "#",
    "${iot:ClientId}",
    "${*}",
    "{*}",
    "$&",
    "$1",
    ".*",
    "[a-z]+",
    "\\",
    "a:b",
    "a/b",
    "a|b",
    "a\nb",
    "lamp*",
    "__proto__",
    "constructor",
    "ärger",
  ];

  test.each(IDS.map((id) => [JSON.stringify(id), id] as const))("%s", (_shown, id) => {
    const registry = registryWith([
      allow("iot:Publish", "topic/of/${iot:ClientId}"),
      allow("iot:Receive", "topic/*", {
        Condition: { StringEquals: { "iot:ClientId": "${iot:ClientId}" } },
      }),
      allow("iot:Subscribe", "topicfilter/*", {
        Condition: { StringLike: { "iot:ClientId": "${iot:ClientId}" } },
      }),
    ]);
    const others = ["lamp", "x", "", "b", "a/b/c", "of", ...IDS].filter((other) => other !== id);

    const published = others.filter((other) =>
      registry.may(id, "iot:Publish", `topic/of/${other}`),
    );

    expect(published).toEqual([]);
    expect(registry.may(id, "iot:Publish", `topic/of/${id}`)).toBe(true);
    expect(registry.may(id, "iot:Receive", "topic/x")).toBe(true);
    expect(registry.may(id, "iot:Subscribe", "topicfilter/x")).toBe(true);
  });

  test("any text, beside any text", () => {
    const registry = registryWith([allow("iot:Publish", "topic/of/${iot:ClientId}")]);
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.string({ unit: fc.constantFrom("$", "{", "}", "*", "?", "a"), maxLength: 8 }),
    );

    fc.assert(
      fc.property(text, text, (id, other) => {
        expect(registry.may(id, "iot:Publish", `topic/of/${other}`)).toBe(id === other);
        expect(registry.may(id, "iot:Publish", `topic/of/${id}`)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("decisions", () => {
  test("MQTT's wildcards are letters in a policy, IAM's star is more than they are", () => {
    const registry = registryWith([
      allow("iot:Subscribe", "topicfilter/one/+"),
      allow("iot:Subscribe", "topicfilter/all/#"),
      allow("iot:Subscribe", "topicfilter/star/*"),
      allow("iot:Receive", "topic/all/#"),
    ]);
    const may = (filter: string): boolean =>
      registry.may("lamp", "iot:Subscribe", `topicfilter/${filter}`);

    const answers = ["one/+", "one/a", "all/#", "all/a", "star/#", "star/+/a", "star/a"].map(may);

    expect(answers).toEqual([true, false, true, false, true, true, true]);
    expect(registry.may("lamp", "iot:Receive", "topic/all/a")).toBe(false);
  });

  test("a Deny wins, in whichever policy it stands", () => {
    const registry = registryWith(
      [deny("iot:Publish", "topic/door/*")],
      [allow("iot:Publish", "topic/*")],
      [deny("iot:Publish", "topic/*/open")],
    );

    const answers = ["lamp/on", "door/open", "door/shut", "window/open"].map((topic) =>
      registry.may("lamp", "iot:Publish", `topic/${topic}`),
    );

    expect(answers).toEqual([true, false, false, false]);
  });

  test.each<[string, object]>([
    ["in its resource", deny("iot:Publish", "topic/${iot:Nothing}")],
    [
      "in its condition",
      deny("iot:Publish", "topic/*", {
        Condition: { StringEquals: { "iot:ClientId": "${iot:Nothing}" } },
      }),
    ],
    [
      "of a thing that the client is not",
      deny("iot:Publish", "topic/${iot:Connection.Thing.ThingName}"),
    ],
  ])("a Deny with a variable without a value denies: %s", (_where, statement) => {
    const registry = registryWith([allow("iot:Publish", "topic/*")], [statement]);

    expect(registry.may("other", "iot:Publish", "topic/a")).toBe(false);
  });

  test.each<[string, object]>([
    ["all but a variable without a value", { NotResource: `${IOT}:topic/\${iot:Nothing}` }],
    [
      "all but this, and a variable without a value",
      { NotResource: [`${IOT}:topic/a`, `${IOT}:topic/\${iot:Nothing}`] },
    ],
    ["what is no ARN", { Resource: "topic/a" }],
    ["the same topic of another account", { Resource: "arn:aws:iot:us-east-1:111111111111:*" }],
    ["another action", { Action: "iot:Connect", Resource: "*" }],
  ])("nothing is allowed by %s", (_what, rest) => {
    const registry = registryWith([{ Effect: "Allow", Action: "iot:Publish", ...rest }]);

    expect(registry.may("lamp", "iot:Publish", "topic/a")).toBe(false);
  });

  test("to publish is not to retain, and to subscribe is not to receive", () => {
    const registry = registryWith([
      allow("iot:Publish", "topic/a"),
      allow("iot:Subscribe", "topicfilter/a"),
    ]);

    expect(registry.may("lamp", "iot:RetainPublish", "topic/a")).toBe(false);
    expect(registry.may("lamp", "iot:Receive", "topic/a")).toBe(false);
  });

  test("a certificate without a policy, or with one that the template no longer has, may nothing", () => {
    const registry = registryWith([allow("iot:Publish", "*")]);
    const may = (): boolean => registry.may("lamp", "iot:Publish", "topic/a");
    expect(may()).toBe(true);

    registry.certificates.policies.detach(CERTIFICATE, "P0");
    registry.certificates.policies.attach(CERTIFICATE, "GoneFromTheTemplate");

    expect(may()).toBe(false);
  });
});

describe("what changes counts at once:", () => {
  const open = (): Registry => registryWith([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  const askedBy = (registry: Registry): readonly boolean[] => [
    registry.permissions.isActive(CERTIFICATE),
    registry.may("lamp", "iot:Connect", "client/lamp"),
    registry.may("lamp", "iot:Publish", "topic/a"),
  ];

  test.each([
    ["INACTIVE", (all: CertificateTable) => all.setStatus(CERTIFICATE, "INACTIVE", 1)],
    ["REVOKED", (all: CertificateTable) => all.setStatus(CERTIFICATE, "REVOKED", 1)],
    ["deleted", (all: CertificateTable) => all.remove(CERTIFICATE)],
  ] as const)("a certificate that is %s may nothing", (_status, change) => {
    const registry = open();
    const before = askedBy(registry);

    change(registry.certificates);

    expect(before).toEqual([true, true, true]);
    expect(askedBy(registry)).toEqual([false, false, false]);
  });

  test("a certificate that is active again may again", () => {
    const registry = open();
    registry.certificates.setStatus(CERTIFICATE, "INACTIVE", 1);
    const between = askedBy(registry);

    registry.certificates.setStatus(CERTIFICATE, "ACTIVE", 2);

    expect(between).toEqual([false, false, false]);
    expect(askedBy(registry)).toEqual([true, true, true]);
  });

  test("a certificate that nobody registered may nothing", () => {
    const registry = open();
    const stranger = { certificateId: "d".repeat(64), clientId: "lamp" };

    expect(registry.permissions.isActive(stranger.certificateId)).toBe(false);
    expect(registry.permissions.allows(stranger, "iot:Connect", "client/lamp")).toBe(false);
  });

  test("a policy that is detached, and attached again", () => {
    const registry = registryWith([allow("iot:Publish", "topic/a")]);
    const may = (): boolean => registry.may("lamp", "iot:Publish", "topic/a");

    const answers = [may()];
    registry.certificates.policies.detach(CERTIFICATE, "P0");
    answers.push(may());
    registry.certificates.policies.attach(CERTIFICATE, "P0");
    answers.push(may());

    expect(answers).toEqual([true, false, true]);
  });

  test("a change that could not be kept is taken back", async () => {
    const registry = open();
    const settled = Promise.withResolvers<Error | undefined>();
    await new Promise<void>((kept) => registry.database.settle(() => kept()));

    registry.certificates.setStatus(CERTIFICATE, "INACTIVE", 1);
    const meanwhile = askedBy(registry);
    // The same id again cannot be kept, and with it nothing of this turn.
    registry.certificates.create({ id: CERTIFICATE, pem: "", status: "ACTIVE", createdMs: 0 });
    registry.database.settle(settled.resolve);

    expect(await settled.promise).toBeInstanceOf(Error);
    expect(meanwhile).toEqual([false, false, false]);
    expect(askedBy(registry)).toEqual([true, true, true]);
  });

  test("also with more clients than are remembered", () => {
    const registry = registryWith([allow("iot:Publish", "topic/${iot:ClientId}")]);
    const ids = Array.from({ length: 2500 }, (_each, index) => `client-${index}`);

    const right = ids.filter(
      (id, index) =>
        registry.may(id, "iot:Publish", `topic/${id}`) &&
        !registry.may(id, "iot:Publish", `topic/client-${(index + 1) % 2500}`),
    );
    registry.certificates.setStatus(CERTIFICATE, "INACTIVE", 1);
    const still = ids.filter((id) => registry.may(id, "iot:Publish", `topic/${id}`));

    expect(right).toHaveLength(2500);
    expect(still).toEqual([]);
  });
});

describe("the template's policy", () => {
  test("is the one that the tests of the TLS port use", () => {
    const policies = resourcesOf(synthesizedTemplate(), "AWS::IoT::Policy");

    const written = JSON.stringify([...policies.values()])
      .replaceAll("<AWS::Partition>", "aws")
      .replaceAll("<AWS::Region>", "us-east-1")
      .replaceAll("<AWS::AccountId>", "000000000000");
    expect(JSON.parse(written)).toEqual([
      { PolicyName: "SmarthomeDevice", PolicyDocument: DEVICE_POLICY },
    ]);
  });

  // REQ: own-shadow-only
  test("lets a device say and hear these, and nothing else", () => {
    const registry = registryWith(DEVICE_POLICY.Statement);
    const level = fc.constantFrom(
      ...["$aws", "things", "lamp", "other", "shadow", "name", "update", "get", "delete", "delta"],
      ...["accepted", "rejected", "documents", "smarthome", "last-will", "events", "+", "#", "*"],
      "",
    );
    const shadow = (thing: string) =>
      fc
        .array(level, { minLength: 0, maxLength: 4 })
        .map((levels) => ["$aws", "things", thing, "shadow", ...levels].join("/"));
    const topic = fc.oneof(
      shadow("lamp"),
      shadow("other"),
      shadow("+"),
      fc.array(level, { minLength: 1, maxLength: 7 }).map((levels) => levels.join("/")),
    );
    const asked = [
      ...fc.sample(topic, 5000),
      ...["$aws/things/lamp/shadow/get", "$aws/things/lamp/shadow/update"],
      ...["delta", "accepted", "rejected"].map(
        (answer) => `$aws/things/lamp/shadow/update/${answer}`,
      ),
      ...["get/accepted", "get/rejected"].map((answer) => `$aws/things/lamp/shadow/${answer}`),
      "$aws/things/lamp/shadow/get/+",
      "smarthome/lamp/last-will",
      "lamp",
    ];
    const allowed = (action: DeviceAction, kind: string): readonly string[] =>
      [...new Set(asked)]
        .filter((each) => registry.may("lamp", action, `${kind}/${each}`))
        .toSorted();

    expect(allowed("iot:Publish", "topic")).toEqual([
      "$aws/things/lamp/shadow/get",
      "$aws/things/lamp/shadow/update",
      "smarthome/lamp/last-will",
    ]);
    const answers = [
      "$aws/things/lamp/shadow/get/accepted",
      "$aws/things/lamp/shadow/get/rejected",
      "$aws/things/lamp/shadow/update/accepted",
      "$aws/things/lamp/shadow/update/delta",
      "$aws/things/lamp/shadow/update/rejected",
    ];
    const filters = allowed("iot:Subscribe", "topicfilter");
    expect(filters).toEqual([...answers, "$aws/things/lamp/shadow/get/+"].toSorted());
    // What comes is what was asked for and may be received.
    const heard = allowed("iot:Receive", "topic").filter(
      (each) => !/[+#]/.test(each) && filters.some((filter) => topicMatcher(filter)(each)),
    );
    expect(heard).toEqual(answers);
    expect(allowed("iot:RetainPublish", "topic")).toEqual([]);
    expect(allowed("iot:Connect", "client")).toEqual(["lamp"]);
  });

  test("lets nobody in whose certificate is attached to another thing, or to none", () => {
    const registry = registryWith(DEVICE_POLICY.Statement);
    registry.things.create("other", {});
    registry.things.create("*", {});

    const answers = ["other", "*", "lamp", "lamp "].map((clientId) =>
      registry.may(clientId, "iot:Connect", `client/${clientId}`),
    );
    registry.certificates.things.detach(CERTIFICATE, "lamp");

    expect(answers).toEqual([false, false, true, false]);
    expect(registry.may("lamp", "iot:Connect", "client/lamp")).toBe(false);
  });
});
