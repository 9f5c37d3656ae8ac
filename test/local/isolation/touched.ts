import type { CarriedOutCall } from "#local/endpoint/aws-endpoint.ts";
import { parsed } from "../iot/support.ts";

/** Everything by which a call names whose data it is about: partition keys, index values, things. */
export interface Touched {
  readonly keys: readonly string[];
  readonly things: readonly string[];
  /** Members of what is written or handed on that name a home: `home`, `homeDay`, the home of a plan. */
  readonly homes: readonly string[];
}

/** What calls of the endpoint touched. */
export const touchedBy = (calls: readonly CarriedOutCall[]): Touched => ({
  keys: calls.flatMap(keysOf),
  things: calls.flatMap(({ permissions, request }) => [
    ...permissions.flatMap(({ resource }) => thingsIn(resource)),
    ...namesIn(request.body.toString("utf8"), "thing"),
  ]),
  homes: calls.flatMap(({ request }) => homesIn(request.body.toString("utf8"))),
});

const keysOf = ({ permissions }: CarriedOutCall): readonly string[] =>
  permissions.flatMap(({ action, resource, context }) => {
    if (!action.startsWith("dynamodb:")) return [];
    const keys = context?.["dynamodb:LeadingKeys"];
    // A request without a key reads everybody's.
    return keys === undefined ? [`${action} of all of ${resource}`] : [keys].flat();
  });

const thingsIn = (resource: string): readonly string[] =>
  [...resource.matchAll(/(?::thing\/|things\/)([^/]+)/g)].map(([, thing = ""]) => thing);

// Bodies hold JSON in JSON: the plan is a text in the workflow's input and in the record.
const inside = (text: string): readonly unknown[] => {
  if (!/^\s*[{[]/.test(text)) return [];
  try {
    return [parsed(text)];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
};

const namesIn = (text: string, member: string): readonly string[] =>
  inside(text).flatMap((value) => walk(value, member));

const walk = (value: unknown, member: string): readonly string[] => {
  if (typeof value === "string") return namesIn(value, member);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]: readonly [string, unknown]) => {
    const text = name === member ? textOf(each) : undefined;
    return text === undefined ? walk(each, member) : [text];
  });
};

// As it is, or in DynamoDB's notation.
const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("S" in value)) return undefined;
  return String(value.S);
};

const homesIn = (text: string): readonly string[] => [
  ...namesIn(text, "home"),
  ...namesIn(text, "homeDay").map((day) => day.replace(/#.*$/, "")),
];
