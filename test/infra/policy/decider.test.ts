import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { decidePolicy, deciderOf, parsePolicy } from "#local/policy/policy.ts";

const action = fc.constantFrom("dynamodb:PutItem", "dynamodb:Query", "iot:Publish");
const resource = fc
  .constantFrom("table/audit", "table/home", "topic/a b", "topic/a")
  .map((name) => `arn:aws:any:us-east-1:000000000000:${name}`);
const statement = fc.record(
  {
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.constantFrom("dynamodb:*", "dynamodb:Query", "*", "iot:Publish"),
    Resource: fc.constantFrom(
      "*",
      "arn:aws:any:*:*:table/*",
      "arn:aws:any:*:*:topic/a",
      "arn:aws:any:*:*:topic/${aws:username}",
    ),
    Condition: fc.constantFrom(
      { StringEquals: { "aws:username": "ada" } },
      { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["HOME#*"] } },
      { NotAnOperator: { "aws:username": "ada" } },
    ),
  },
  { requiredKeys: ["Effect", "Action", "Resource"] },
);
const context = fc.constantFrom(
  {},
  { "aws:username": ["ada"] },
  { "aws:username": ["olga"], "dynamodb:LeadingKeys": ["HOME#a", "SCHEDULE#b"] },
  { "dynamodb:LeadingKeys": ["HOME#a"] },
);

test("what is remembered of statements changes no verdict, however often and in whatever context it is asked", () => {
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 4 }),
      fc.array(fc.tuple(action, resource, context), { minLength: 1, maxLength: 12 }),
      (statements, questions) => {
        const parsed = parsePolicy(
          { Version: "2012-10-17", Statement: statements },
          "identity",
          "a role",
        );
        const decide = deciderOf(parsed);

        for (const [asked, on, given] of questions) {
          expect(decide(asked, on, () => given)).toBe(
            decidePolicy(parsed, { action: asked, resource: on, context: given }),
          );
        }
      },
    ),
    { numRuns: 2_000, seed: 18 },
  );
});

test("the context is asked for only where a condition is about to be decided", () => {
  const context = vi.fn(() => ({}));
  const decide = deciderOf(
    parsePolicy(
      {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "iot:Publish", Resource: "*" },
          {
            Effect: "Allow",
            Action: "dynamodb:Query",
            Resource: "*",
            Condition: { StringEquals: { "aws:username": "ada" } },
          },
        ],
      },
      "identity",
      "a role",
    ),
  );

  expect(decide("iot:Publish", "topic/a", context)).toBe("allow");
  expect(context).not.toHaveBeenCalled();
  expect(decide("dynamodb:Query", "table/home", context)).toBe("implicit-deny");
  expect(context).toHaveBeenCalledOnce();
});
