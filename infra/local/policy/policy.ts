// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { LocalError } from "#local/wire/local-error.ts";
import { type Condition, decideCondition, type RequestContext } from "./policy-condition.ts";
import { all, any, matchesArn, matchesWildcard, not, type Truth, truth } from "./policy-pattern.ts";

/** One statement of a policy, its form checked. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: { readonly except: boolean; readonly patterns: readonly string[] };
  /** Absent in a trust policy, which is about its own role. */
  readonly resources?: { readonly except: boolean; readonly patterns: readonly string[] };
  /** Only in the policy of a role's trust or of a resource: service principals; another kind of principal is none. */
  readonly services: readonly string[];
  readonly conditions: readonly Condition[];
}

/** What the statements say together: an explicit Deny wins, and nothing said is `implicit-deny`. */
export type Verdict = "allow" | "explicit-deny" | "implicit-deny";

/** What is asked of the statements. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

const STATEMENT_KEYS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "Condition",
]);

/**
 * Reads a policy document, of an identity, of a role's trust, or of a resource.
 * @throws LocalError `TemplateNotUnderstood` naming `where` and the part that is not a policy.
 */
export const parsePolicy = (
  document: unknown,
  kind: "identity" | "trust" | "resource",
  where: string,
): readonly Statement[] => {
  const fail = (what: string): never => {
    throw new LocalError("TemplateNotUnderstood", `${where}: ${what}`);
  };
  const texts = (value: unknown, name: string): readonly string[] => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((entry) =>
      typeof entry === "string"
        ? entry
        : fail(`${name} must be text, not ${JSON.stringify(entry)}`),
    );
  };
  const choice = (statement: JsonObject, name: "Action" | "Resource") => {
    const negated = `Not${name}`;
    const except = statement[negated] !== undefined;
    if (except === (statement[name] !== undefined)) {
      return fail(`a statement needs either ${name} or ${negated}`);
    }
    return { except, patterns: texts(statement[name] ?? statement[negated], name) };
  };
  const parseConditions = (block: unknown): readonly Condition[] => {
    if (block === undefined) return [];
    if (!isObject(block)) return fail("Condition must be an object");
    return Object.entries(block).flatMap(([operator, keys]) =>
      isObject(keys)
        ? Object.entries(keys).map(([key, values]) => ({
            operator,
            key,
            values: (Array.isArray(values) ? (values as readonly unknown[]) : [values]).map(
              (value) =>
                typeof value === "string" || typeof value === "number" || typeof value === "boolean"
                  ? String(value)
                  : fail(
                      `Condition ${operator} ${key} must hold text, not ${JSON.stringify(value)}`,
                    ),
            ),
          }))
        : fail(`Condition ${operator} must be an object`),
    );
  };
  const parseServices = (principal: unknown): readonly string[] => {
    if (principal === undefined) return fail(`a ${kind} policy's statement needs a Principal`);
    // An account or a federated principal is understood, and is none of the services that this stack imitates.
    if (principal === "*") return ["*"];
    if (!isObject(principal)) return fail("Principal must be an object");
    // Everybody, in the other spelling.
    if (kind === "resource" && principal.AWS === "*") return ["*"];
    return principal.Service === undefined ? [] : texts(principal.Service, "Principal.Service");
  };
  const parseStatement = (statement: unknown): Statement => {
    if (!isObject(statement)) return fail("Statement must hold objects");
    for (const key of Object.keys(statement)) {
      if (!STATEMENT_KEYS.has(key)) fail(`${key} is not an element of a statement`);
    }
    const { Effect: effect } = statement;
    if (effect !== "Allow" && effect !== "Deny") return fail("Effect must be Allow or Deny");
    const actions = choice(statement, "Action");
    const conditions = parseConditions(statement.Condition);
    if (kind === "trust") {
      return { effect, actions, services: parseServices(statement.Principal), conditions };
    }
    if (kind === "resource") {
      const services = parseServices(statement.Principal);
      return { effect, actions, resources: choice(statement, "Resource"), services, conditions };
    }
    if (statement.Principal !== undefined) return fail("an identity's policy has no Principal");
    return { effect, actions, resources: choice(statement, "Resource"), services: [], conditions };
  };

  if (!isObject(document)) return fail("a policy document must be an object");
  const statements: readonly unknown[] = Array.isArray(document.Statement)
    ? document.Statement
    : [document.Statement];
  return statements.map(parseStatement);
};

const covers = (
  choice: { readonly except: boolean; readonly patterns: readonly string[] },
  matches: (pattern: string) => Truth,
): Truth => {
  const matched = any(choice.patterns.map(matches));
  return choice.except ? not(matched) : matched;
};

/** Whether the statement is about this action on this resource, its conditions aside. */
const isAbout = (statement: Statement, action: string, resource: string): Truth => {
  const asked = covers(statement.actions, (pattern) =>
    truth(matchesWildcard(pattern, action, true)),
  );
  if (asked === "no" || statement.resources === undefined) return asked;
  return covers(statement.resources, (pattern) => matchesArn(pattern, resource));
};

/** A statement that is about what is asked, or that is not understood to be about something else. */
interface Relevant {
  readonly statement: Statement;
  readonly isAbout: Truth;
}

const relevantOf = (
  statements: readonly Statement[],
  action: string,
  resource: string,
): readonly Relevant[] =>
  statements
    .map((statement) => ({ statement, isAbout: isAbout(statement, action, resource) }))
    .filter((each) => each.isAbout !== "no");

const verdictOf = (relevant: readonly Relevant[], context: RequestContext): Verdict => {
  let allowed = false;
  for (const { statement, isAbout } of relevant) {
    const applied = all([
      isAbout,
      ...statement.conditions.map((condition) => decideCondition(condition, context)),
    ]);
    if (statement.effect === "Deny" && applied !== "no") return "explicit-deny";
    if (statement.effect === "Allow" && applied === "yes") allowed = true;
  }
  return allowed ? "allow" : "implicit-deny";
};

/** The verdict of all statements together. An Allow counts only when it is understood, a Deny also when it is not. */
export const decidePolicy = (
  statements: readonly Statement[],
  { action, resource, context }: Question,
): Verdict => verdictOf(relevantOf(statements, action, resource), context);

/** Decides one action on one resource; `context` is asked for only where a condition is about to be decided. */
export type Decider = (action: string, resource: string, context: () => RequestContext) => Verdict;

// An action on a resource each; a fuzzer may name any number of resources.
const MAX_REMEMBERED = 5000;

/**
 * Decides by these statements as `decidePolicy` does, and remembers which of them are about what, or the verdict where none of them
 * has a condition: a role asks the same few things again and again, and only conditions may be decided otherwise the next
 * time.
 */
export const deciderOf = (
  statements: readonly Statement[],
  maxRemembered = MAX_REMEMBERED,
): Decider => {
  const remembered = new Map<string, Verdict | readonly Relevant[]>();
  return (action, resource, context) => {
    const id = `${action} ${resource}`;
    let known = remembered.get(id);
    if (known === undefined) {
      const relevant = relevantOf(statements, action, resource);
      const isConditional = relevant.some(({ statement }) => statement.conditions.length > 0);
      known = isConditional ? relevant : verdictOf(relevant, {});
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(id, known);
    }
    return typeof known === "string" ? known : verdictOf(known, context());
  };
};
