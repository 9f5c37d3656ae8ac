import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { complaintsAbout } from "./asl-validator.ts";

const WORKFLOWS = join(import.meta.dirname, "..", "..", "workflows");
const FILES = readdirSync(WORKFLOWS).filter((file) => file.endsWith(".asl.json"));
const README = readFileSync(join(WORKFLOWS, "README.md"), "utf8");

// What Step Functions can call and this project does. `aws-sdk:iotdataplane:*` is refused by AWS when the state machine
// is created, though CDK and validators accept it.
const ALLOWED_RESOURCES = ["arn:aws:states:::lambda:invoke", "arn:aws:states:::dynamodb:putItem"];

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly ItemProcessor?: Definition;
  readonly Branches?: readonly Definition[];
}

interface Definition {
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, State>>;
}

interface NamedState {
  readonly name: string;
  readonly state: State;
  /** How many Maps and Parallels it stands in. */
  readonly depth: number;
}

const parseDefinition = (text: string): Definition => JSON.parse(text) as Definition;

const statesOf = (definition: Definition, depth = 0): readonly NamedState[] =>
  Object.entries(definition.States).flatMap(([name, state]) => [
    { name, state, depth },
    ...[state.ItemProcessor ?? [], state.Branches ?? []]
      .flat()
      .flatMap((inner) => statesOf(inner, depth + 1)),
  ]);

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** The rows of the table under a heading of the README, cell by cell, without the head. */
const tableUnder = (heading: string): readonly (readonly string[])[] => {
  const [, section = ""] = README.split(`\n## ${heading}\n`);
  return (section.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

test("there is one workflow", () => {
  expect(FILES).toEqual(["run-scene.asl.json"]);
});

describe.each(FILES)("%s", (file) => {
  const text = readFileSync(join(WORKFLOWS, file), "utf8");
  const definition = parseDefinition(text);
  const states = statesOf(definition);
  const expressions = textsIn(definition).filter((each) => each.startsWith("{%"));

  // asl-validator 4 refuses some of what AWS accepts in JSONata (null, numbers, lists and booleans as Output, a literal
  // `true` as Condition, lists in Assign); this definition needs no exception.
  test("asl-validator has nothing against it", () => {
    const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) =>
      name.endsWith("Arn") ? "arn:aws:lambda:us-east-1:000000000000:function:filled" : "filled",
    );

    expect(complaintsAbout(parseDefinition(filled))).toEqual([]);
  });

  test("begins with JSONata, and no state leaves it", () => {
    expect(Object.entries(definition)[0]).toEqual(["QueryLanguage", "JSONata"]);
    expect(states.filter(({ state }) => "QueryLanguage" in state)).toEqual([]);
  });

  // REQ: supported-integrations
  test("calls only what Step Functions can call", () => {
    const resources = states.flatMap(({ state }) => state.Resource ?? []);

    expect(resources.length).toBeGreaterThan(0);
    expect(resources.filter((resource) => !ALLOWED_RESOURCES.includes(resource))).toEqual([]);
  });

  test("names its states in plain words, each once", () => {
    const names = states.map(({ name }) => name);

    expect(names.filter((name) => !/^[A-Z][a-z]+( [a-z]+)*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  // AWS refuses States.ALL beside or before other errors; asl-validator does not.
  test("retries and catches States.ALL alone, and last", () => {
    const rules = states.flatMap(({ state }) => [state.Retry ?? [], state.Catch ?? []]);

    for (const errors of rules.map((list) => list.map((rule) => rule.ErrorEquals))) {
      const all = errors.filter((names) => names.includes("States.ALL"));
      expect(all.length === 0 ? [] : [errors.at(-1)]).toEqual(all);
      expect(all.every((names) => names.length === 1)).toBe(true);
    }
  });

  test("waits for no task without end", () => {
    const endless = states.filter(
      ({ state }) => state.Type === "Task" && state.TimeoutSeconds === undefined,
    );

    expect(endless.map(({ name }) => name)).toEqual([]);
  });

  test("every placeholder ends in Arn or Name", () => {
    const placeholders = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? "");

    expect(placeholders.length).toBeGreaterThan(0);
    expect(placeholders.filter((name) => !/^[A-Z][A-Za-z]*(Arn|Name)$/.test(name))).toEqual([]);
  });

  // AWS refuses `??`, `?:` and $eval when the state machine is created. (step-functions/latest/dg/transforming-data.html)
  test("no expression uses what AWS refuses, and each stands on one line", () => {
    expect(expressions.length).toBeGreaterThan(0);
    expect(expressions.filter((each) => /\?\?|\?:|\$eval\b|\n/.test(each))).toEqual([]);
  });

  // AWS runs JSONata 2.0.6, the version that is installed here.
  test("every expression parses", () => {
    for (const each of expressions) {
      expect(() => jsonata(each.slice(2, -2)), each).not.toThrow();
    }
  });

  test("no text is half an expression", () => {
    const half = textsIn(definition).filter(
      (each) => /\{%|%\}/.test(each) && !/^\{%.*%\}$/.test(each),
    );

    expect(half).toEqual([]);
  });
});

describe("the README", () => {
  const text = readFileSync(join(WORKFLOWS, "run-scene.asl.json"), "utf8");

  // REQ: workflow-table
  test("lists exactly the states of run-scene with their types, the inner ones with an arrow", () => {
    const rows = tableUnder("The states of run-scene").map(([state, type]) => [state, type]);

    expect(rows).toEqual(
      statesOf(parseDefinition(text)).map(({ name, state, depth }) => [
        depth === 0 ? name : `→ ${name}`,
        state.Type,
      ]),
    );
  });

  test("lists exactly the placeholders", () => {
    const listed = tableUnder("Placeholders").map(([placeholder]) => placeholder);

    expect(listed.toSorted()).toEqual(
      [...new Set([...text.matchAll(/\$\{\w+\}/g)].map(([each]) => `\`${each}\``))].toSorted(),
    );
  });
});

describe("asl-validator would find", () => {
  const machine = (state: Readonly<Record<string, unknown>>) => ({
    QueryLanguage: "JSONata",
    StartAt: "Only",
    States: { Only: { Type: "Pass", ...state } },
  });

  test.each([
    ["a state that is not there", machine({ Next: "Nowhere" })],
    ["a state without an end", machine({})],
    ["a field of the other query language", machine({ ResultPath: "$.a", End: true })],
  ])("%s", (_, definition) => {
    expect(complaintsAbout(definition)).not.toEqual([]);
  });
});
