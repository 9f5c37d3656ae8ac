import { expect, test } from "vitest";
import { trackedFiles } from "./tracked-files.ts";

// Where a partition key's text may stand: the makers of keys, and what is not TypeScript on AWS: the rule's SQL, and the
// patterns of IAM.
const MAKERS = [
  "functions/domain/home/keys.ts",
  "infra/aws/grants.ts",
  "infra/aws/sql/acknowledgement-sql.ts",
  "infra/aws/sql/change-sql.ts",
] as const;

const KEY =
  /HOME#|PRINCIPAL#|#RUN#|#PLAN#|#APPROVAL#|#ACCESS#|#SCHEDULE|#CLAIM|#CHANGE#|REFUSED#|\bLOG#|\bCTL#/;

test("no file but the makers of keys writes the text of one", () => {
  const sources = trackedFiles(/^(functions|infra|scripts|workflows)\/.*\.(m?ts|json)$/);

  const writing = [...sources].filter(([, text]) => KEY.test(text)).map(([file]) => file);

  expect(sources.size).toBeGreaterThan(400);
  expect(writing.toSorted()).toEqual(MAKERS);
});

// An id of a home that is made in a function would be a home that nobody has proved to be the caller's.
test("a home's id is made of a text by the domain, by commands and by devices, and by no function", () => {
  const makers = [...trackedFiles(/^functions\/.*\.ts$/)]
    .filter(([, text]) => /\b(parseHomeId|isHomeId|as HomeId)\b/.test(text))
    .map(([file]) => file);

  expect(makers.toSorted()).toEqual([
    "functions/domain/access/home-access.ts",
    "functions/domain/access/membership.ts",
    "functions/domain/audit/fleet-runs.ts",
    "functions/domain/home/canary.ts",
    "functions/domain/home/home-id.ts",
    "functions/domain/home/home-meta.ts",
    "functions/domain/run/parse-plan.ts",
    "functions/domain/run/workflow.ts",
    "functions/domain/schedule/scheduled-call.ts",
  ]);
});
