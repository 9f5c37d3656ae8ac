import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/command.ts";
import { copyTree, type TreeCopy } from "../support/tree-copy.ts";

// The imitation is as strict as the worst of AWS. Each strictness is taken away in a copy of the tree, and the journey
// that should notice is run there.

const JOURNEY = "test/journeys/on-embedded/strict-aws.test.ts";
const OUTPUT = "infra/local/gateway/interceptors/interceptor-output.ts";
const INTERCEPT_RESPONSE = "infra/local/gateway/interceptors/intercept-response.ts";

interface Leniency {
  readonly lenient: string;
  /** What it is called where infra/local/README.md lists what is strict. */
  readonly strictness: string;
  readonly file: string;
  /** Text of the file, which stands there once, and what takes its place. */
  readonly from: string;
  readonly to: string;
  readonly noticedBy: readonly string[];
}

const DENIAL =
  "a denial reaches the RESPONSE interceptor without its body, and one that passes that on answers nothing";

const LENIENCIES: readonly Leniency[] = [
  {
    lenient: "a RESPONSE interceptor's headers go on top of those that were there",
    strictness: "a RESPONSE interceptor's headers",
    file: OUTPUT,
    from: '  headers: headersOf(headers),\n  body: isAbsent(body) ? (unseen?.body ?? "") : JSON.stringify(body),',
    to: '  headers: { "content-type": "application/json", ...headersOf(headers) },\n  body: isAbsent(body) ? (unseen?.body ?? "") : JSON.stringify(body),',
    noticedBy: ["headers that a RESPONSE interceptor leaves out are lost"],
  },
  {
    lenient: "a body that a RESPONSE interceptor leaves out goes out as it was",
    strictness: "its body",
    file: INTERCEPT_RESPONSE,
    from: "replacement(transformed, interceptor.withoutResponseBody ? answer : undefined)",
    to: "replacement(transformed, answer)",
    noticedBy: [DENIAL],
  },
  {
    lenient: "a denial does not pass the RESPONSE interceptor",
    strictness: "a REQUEST interceptor's short-circuit",
    file: INTERCEPT_RESPONSE,
    from: "if (interceptor === undefined) return answer;",
    to: "if (interceptor === undefined || isShortCircuit) return answer;",
    noticedBy: [DENIAL],
  },
  {
    lenient: "the RESPONSE interceptor is told a denial's body",
    strictness: "a REQUEST interceptor's short-circuit",
    file: INTERCEPT_RESPONSE,
    from: 'body: isShortCircuit || answer.body === "" ? null',
    to: 'body: !isShortCircuit && answer.body === "" ? null',
    noticedBy: [DENIAL],
  },
  {
    lenient: "an interceptor that failed is called again",
    strictness: "an interceptor that fails or is throttled",
    file: "infra/local/gateway/interceptors/intercept-request.ts",
    from: "  const invocation = await invokeLambda(gateway, interceptor.lambdaArn, event);",
    to: "  const first = await invokeLambda(gateway, interceptor.lambdaArn, event);\n  const invocation = first.ok ? first : await invokeLambda(gateway, interceptor.lambdaArn, event);",
    noticedBy: [
      "an interceptor that fails is not called again: the caller gets 500, and the next call goes on",
    ],
  },
  {
    lenient: "a detachment is to be seen at once",
    strictness: "DetachThingPrincipal",
    file: "infra/local/iot/registry/slow-detachments.ts",
    from: "const SEEN_AFTER_MS = 3000;",
    to: "const SEEN_AFTER_MS = 0;",
    noticedBy: ["a certificate cannot be deleted right after it was detached"],
  },
  {
    lenient: "IoT takes a rule's role on trust",
    strictness: "roles of topic rules",
    file: "infra/local/iot/iot.ts",
    from: "  probeRoles(rules, (name) => arn(`rule/${name}`), options.access);\n",
    to: "",
    noticedBy: ["a rule whose role does not trust IoT is not made, and the house says so by name"],
  },
  {
    lenient: "other services take roles on trust",
    strictness: "roles of functions, state machines, schedules, the gateway",
    file: "infra/local/iam/iam.ts",
    from: "if (role?.trusts(servicePrincipal, sourceArn) !== true) {",
    to: 'if (role === undefined || (servicePrincipal === "iot.amazonaws.com" && !role.trusts(servicePrincipal, sourceArn))) {',
    noticedBy: ["bedrock-agentcore", "lambda", "scheduler", "states"].map(
      (service) => `no house is made whose roles do not trust ${service}`,
    ),
  },
  {
    lenient: "a limit lets a burst pass",
    strictness: "rate limits",
    file: "infra/local/gateway/configuration/bucket.ts",
    from: "      if (calls >= 1) {",
    to: "      if (calls >= 1 - rate) {",
    noticedBy: ["a caller has as many calls as the limit says, and not one more"],
  },
  {
    lenient: "an account has room for every call",
    strictness: "concurrent calls of functions",
    file: "infra/local/lambda/function-pool.ts",
    from: "        if (total(({ calls }) => calls) >= mostCalls) {",
    to: "        if (total(({ calls }) => calls) >= 1000 * mostCalls) {",
    noticedBy: ["more calls at once than the account has room for are refused, not put in a queue"],
  },
];

let copy: TreeCopy;
beforeAll(() => {
  copy = copyTree();
});
afterAll(() => copy.close());

const failedIn = ({ testResults }: Awaited<ReturnType<TreeCopy["run"]>>): readonly string[] =>
  testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed").map(({ title }) => title),
  );

// REQ: strictness-noticed
describe("a journey notices that", () => {
  test.each(LENIENCIES)("$lenient", async ({ noticedBy, ...change }) => {
    const report = await copy.runWith(change, "journeys", [JOURNEY]);

    expect(failedIn(report)).toEqual(noticedBy);
  });
});

// REQ: strictness-noticed
test("what the imitation's README lists as strict is all turned lenient here", () => {
  const readme = readFileSync(join(ROOT, "infra", "local", "README.md"), "utf8");
  const [, section = ""] = readme.split("\n## As strict as the worst of AWS\n");

  const [table = ""] = section.split("\n## ");
  const listed = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, what = ""]) => what);
  expect(new Set(listed.slice(2))).toEqual(new Set(LENIENCIES.map(({ strictness }) => strictness)));
});
