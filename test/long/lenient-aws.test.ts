import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyTree, type TreeCopy } from "../support/tree-copy.ts";

// The imitation is as strict as the worst of AWS. Each strictness is taken away in a copy of the tree, and the journey
// that should notice is run there.

const JOURNEY = "test/journeys/on-embedded/strict-aws.test.ts";
const OUTPUT = "infra/local/gateway/interceptors/interceptor-output.ts";

interface Leniency {
  readonly lenient: string;
  readonly file: string;
  /** Text of the file, which stands there once, and what takes its place. */
  readonly from: string;
  readonly to: string;
  readonly noticedBy: string;
}

const LENIENCIES: readonly Leniency[] = [
  {
    lenient: "a RESPONSE interceptor's headers go on top of those that were there",
    file: OUTPUT,
    from: '  headers: headersOf(headers),\n  body: isAbsent(body) ? (unseen?.body ?? "") : JSON.stringify(body),',
    to: '  headers: { "content-type": "application/json", ...headersOf(headers) },\n  body: isAbsent(body) ? (unseen?.body ?? "") : JSON.stringify(body),',
    noticedBy: "headers that a RESPONSE interceptor leaves out are lost",
  },
  {
    lenient: "the RESPONSE interceptor is told a denial's body",
    file: "infra/local/gateway/interceptors/intercept-response.ts",
    from: 'body: isShortCircuit || answer.body === "" ? null',
    to: 'body: !isShortCircuit && answer.body === "" ? null',
    noticedBy:
      "a denial reaches the RESPONSE interceptor without its body, and one that passes that on answers nothing",
  },
  {
    lenient: "a detachment is to be seen at once",
    file: "infra/local/iot/registry/slow-detachments.ts",
    from: "const SEEN_AFTER_MS = 3000;",
    to: "const SEEN_AFTER_MS = 0;",
    noticedBy: "a certificate cannot be deleted right after it was detached",
  },
  {
    lenient: "IoT takes a rule's role on trust",
    file: "infra/local/iot/iot.ts",
    from: "  probeRoles(rules, (name) => arn(`rule/${name}`), options.access);\n",
    to: "",
    noticedBy: "a rule whose role does not trust IoT is not made, and the house says so by name",
  },
  {
    lenient: "an account has room for every call",
    file: "infra/local/lambda/function-pool.ts",
    from: "        if (total(({ calls }) => calls) >= mostCalls) {",
    to: "        if (total(({ calls }) => calls) >= 1000 * mostCalls) {",
    noticedBy: "more calls at once than the account has room for are refused, not put in a queue",
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

    expect(failedIn(report)).toEqual([noticedBy]);
  });
});
