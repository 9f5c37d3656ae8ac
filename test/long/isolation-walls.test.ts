import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyTree, type TreeCopy } from "../support/tree-copy.ts";

// Each wall between homes is taken away in a copy of the tree, and the tests that should notice are run there.

interface Breach {
  readonly wall: string;
  readonly file: string;
  /** Text of the file, which stands there once, and what takes its place. */
  readonly from: string;
  readonly to: string;
  readonly project: "fast" | "local";
  readonly noticedBy: readonly string[];
}

const CALLS = { project: "local", noticedBy: ["test/local/isolation/calls.test.ts"] } as const;
const RANDOM = {
  project: "local",
  noticedBy: ["test/local/isolation/random-calls.test.ts"],
} as const;
const RECORDS = {
  project: "fast",
  noticedBy: ["test/domain/isolation/homes-and-members.test.ts"],
} as const;
const PLANS = { project: "fast", noticedBy: ["test/domain/isolation/plans.test.ts"] } as const;
const ACCESS = { project: "fast", noticedBy: ["test/domain/access/home-access.test.ts"] } as const;
const KEYS = { project: "fast", noticedBy: ["test/structure/keys.test.ts"] } as const;
const CERTIFICATES = {
  project: "local",
  noticedBy: ["test/local/isolation/certificates.test.ts"],
} as const;

const HOME_ACCESS = "functions/domain/access/home-access.ts";
const MEMBERSHIP = "functions/domain/access/membership.ts";
const QUERY = "functions/adapters/query-partition.ts";
const WORKFLOW = "functions/domain/run/workflow.ts";
const SQL = "infra/aws/sql/acknowledgement-sql.ts";

const BREACHES: readonly Breach[] = [
  {
    wall: "W3: whoever names a home is let in",
    file: HOME_ACCESS,
    from: "if (isOperatorOfAll && isHomeId(wanted)) {",
    to: "if (isHomeId(wanted)) {",
    ...RANDOM,
  },
  {
    wall: "W3: the first of several homes is meant",
    file: HOME_ACCESS,
    from: "if (only !== undefined && more.length === 0 && !isOperatorOfAll) {",
    to: "if (only !== undefined && more.length >= 0) {",
    ...RANDOM,
  },
  {
    wall: "W3: the token alone says what somebody may do",
    file: HOME_ACCESS,
    from: "return mayUse(caller, scope) && rights.includes(scope);",
    to: "return mayUse(caller, scope) && rights.length >= 0;",
    ...RANDOM,
  },
  {
    wall: "W3: a membership lasts for ever",
    file: MEMBERSHIP,
    from: "item.v === FORMAT && !isExpired(item, nowMs)",
    to: "item.v === FORMAT && (!isExpired(item, nowMs) || true)",
    ...RECORDS,
  },
  {
    wall: "W3: a copy of an access is one",
    file: HOME_ACCESS,
    from: "    if (#home in access) return access.#home;\n",
    to: "    if (!(#home in access)) return (access as { home: HomeId }).home;\n    else return access.#home;\n",
    ...ACCESS,
  },
  {
    wall: "W4: an adapter writes a key by hand",
    file: "functions/adapters/audit-table.ts",
    from: "parseRunRecords(await queryPartition(client, tableName, { partition: runKey(home, run), home }));",
    to: "parseRunRecords(await queryPartition(client, tableName, { partition: `HOME#${home}#RUN#${run}`, home }));",
    ...KEYS,
  },
  {
    wall: "W4: a function makes a home's id of a text",
    file: "functions/home/call/home-name.ts",
    from: 'import type { HomeAccess } from "#domain/access/home-access.ts";',
    to: 'import type { HomeAccess } from "#domain/access/home-access.ts";\nexport { parseHomeId } from "#domain/home/home-id.ts";',
    ...KEYS,
  },
  {
    wall: "W5: what lies under a key is taken for its home's",
    file: QUERY,
    from: "(home !== undefined && (item.home ?? home) !== home)",
    to: "(home !== undefined && false)",
    ...CALLS,
  },
  {
    wall: "W6: a record names its thing",
    file: "functions/domain/home/device.ts",
    from: "const own = thingOf(place, id);",
    to: 'const own = typeof thing === "string" ? thing : thingOf(place, id);',
    ...RECORDS,
  },
  {
    wall: "W7: a command goes to whatever thing it names",
    file: WORKFLOW,
    from: "commands.find(({ device, thing }) => thing !== thingOf(place, device))",
    to: "commands.find(({ device }) => thingOf(place, device) === undefined)",
    ...PLANS,
  },
  {
    wall: "W8: a device speaks for every device",
    file: "infra/aws/device-policy.ts",
    from: 'const THING = "${iot:Connection.Thing.ThingName}";',
    to: 'const THING = "*";',
    ...CERTIFICATES,
  },
  {
    wall: "W9: the home of an acknowledgement is what the message says",
    file: SQL,
    from: "const home = `regexp_replace(topic(3), '${thingPattern(thingPrefix)}', '$1')`;",
    to: "const home = `regexp_replace(current.state.reported.command.run, '^.*(b).*$', 'b')`;",
    ...CALLS,
  },
  {
    wall: "W9: a run is any text",
    file: SQL,
    from: "  AND regexp_matches(${command}.run, '^run_[0-9a-hjkmnp-tv-z]{20}$')\n  AND NOT regexp_matches(${command}.run, '[^0-9a-z_]')\n",
    to: "",
    ...CALLS,
  },
  {
    wall: "W9: a stage is any text",
    file: SQL,
    from: "  AND ${command}.stage = cast(${command}.stage AS Int)\n  AND ${command}.stage >= 0\n  AND ${command}.stage <= 9\n",
    to: "",
    ...CALLS,
  },
];

let copy: TreeCopy;
beforeAll(() => {
  copy = copyTree();
});
afterAll(() => copy.close());

const FILES = {
  fast: [RECORDS, PLANS, ACCESS, KEYS].flatMap(({ noticedBy }) => noticedBy),
  local: [CALLS, RANDOM, CERTIFICATES].flatMap(({ noticedBy }) => noticedBy),
};

test.each(["fast", "local"] as const)(
  "with every wall in its place the tests of the project %s pass",
  async (project) => {
    const { numFailedTests, numPassedTests, testResults } = await copy.run(project, FILES[project]);

    expect(testResults.map(({ message }) => message).filter((text) => text !== "")).toEqual([]);
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(20);
  },
);

describe("a test fails where", () => {
  test.each(BREACHES)("$wall", async ({ project, noticedBy, ...breach }) => {
    const startedMs = performance.now();

    // The first failure is enough: many of these tests fail by waiting for what does not come.
    const { numFailedTests } = await copy.runWith(breach, project, noticedBy, [
      "--bail=1",
      "--testTimeout=10000",
    ]);

    console.log(`${numFailedTests} failed, ${Math.round(performance.now() - startedMs)} ms`);
    expect(numFailedTests).toBeGreaterThan(0);
  });
});

test("each wall from W3 to W9 is taken away at least once", () => {
  const walls = new Set(BREACHES.map(({ wall }) => wall.slice(0, 2)));

  expect([...walls]).toEqual(["W3", "W4", "W5", "W6", "W7", "W8", "W9"]);
});
