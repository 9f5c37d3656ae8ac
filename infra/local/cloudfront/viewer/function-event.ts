// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
import * as z from "zod";
import { isDisallowed, isReadOnly } from "./restricted-headers.ts";
import type { ViewerRequest } from "./viewer-request.ts";

/** A function's answer that CloudFront does not pass on: the viewer gets 502. */
export class InvalidFunctionResult extends Error {
  override readonly name = "InvalidFunctionResult";
}

/** What a function of a viewer's request is called with. */
export const functionEvent = (
  request: ViewerRequest,
  context: {
    readonly distributionDomainName: string;
    readonly distributionId: string;
    readonly requestId: string;
  },
  ip: string,
) => ({
  version: "1.0",
  context: { ...context, eventType: "viewer-request" },
  viewer: { ip },
  request: {
    method: request.method,
    uri: request.uri,
    querystring: valuesOf(pairsOf(request.query)),
    headers: valuesOf(
      Object.entries(request.headers)
        .filter(([name]) => !isDisallowed(name))
        .flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ),
    cookies: valuesOf(request.cookies.map(pairOf)),
  },
});

const pairOf = (text: string): readonly [string, string] => {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
};

const pairsOf = (query: string): readonly (readonly [string, string])[] =>
  query === "" ? [] : query.split("&").map(pairOf);

const valueSchema = z.strictObject({
  value: z.string(),
  multiValue: z.array(z.strictObject({ value: z.string() })).optional(),
});
const valuesSchema = z.record(z.string(), valueSchema);
type Values = z.infer<typeof valuesSchema>;

const resultSchema = z.strictObject({
  method: z.string(),
  uri: z.string().regex(/^\/[^\s?#]*$/),
  querystring: valuesSchema,
  headers: valuesSchema,
  cookies: valuesSchema,
});

const valuesOf = (pairs: readonly (readonly [string, string])[]): Values => {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(
    [...values].map(([name, [value = "", ...more]]) => [
      name,
      more.length === 0
        ? { value }
        : { value, multiValue: [value, ...more].map((one) => ({ value: one })) },
    ]),
  );
};

const listOf = ({ value, multiValue }: z.infer<typeof valueSchema>): readonly string[] =>
  multiValue === undefined ? [value] : multiValue.map((one) => one.value);

/**
 * The request that a function gave back.
 * @throws InvalidFunctionResult for what is none, and for headers that no function may change
 */
export const requestOfResult = (result: unknown, before: ViewerRequest): ViewerRequest => {
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidFunctionResult(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { method, uri, querystring, headers, cookies } = parsed.data;
  if (method !== before.method) throw new InvalidFunctionResult("the method is read-only");
  const after = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, listOf(value)]),
  );
  const names = new Set([...Object.keys(after), ...Object.keys(before.headers)]);
  for (const name of names) {
    if (name !== name.toLowerCase()) {
      throw new InvalidFunctionResult(`the header ${name} is not in lower case`);
    }
    if (isDisallowed(name) && after[name] !== undefined) {
      throw new InvalidFunctionResult(`no function may set the header ${name}`);
    }
    if (isReadOnly(name) && after[name]?.join() !== before.headers[name]?.join()) {
      throw new InvalidFunctionResult(`the header ${name} is read-only`);
    }
  }
  const query = Object.entries(querystring).flatMap(([name, value]) =>
    listOf(value).map((one) => `${name}=${one}`),
  );
  return {
    method,
    uri,
    query: query.join("&"),
    headers: after,
    cookies: Object.entries(cookies).flatMap(([name, value]) =>
      listOf(value).map((one) => `${name}=${one}`),
    ),
  };
};
