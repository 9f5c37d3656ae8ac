import { describe, expect, test } from "vitest";
import { jsonResponse, type RestOperation, restService } from "#local/wire/rest-service.ts";
import { awsRequest } from "./aws-request.ts";

/** An operation that answers which it is, and one parameter of its path. */
const operation = (
  name: string,
  method: string,
  path: string,
  parameter?: string,
): RestOperation<string[]> => ({
  name,
  method,
  path,
  understand: ({ request, parameters }, seen) => {
    const value = parameter === undefined ? "" : parameters(parameter);
    seen.push(name);
    return {
      permissions: [{ action: `things:${name}`, resource: value }],
      carryOut: () => jsonResponse({ name, value, query: request.query.get("q") }),
    };
  },
});

const things = () => {
  const seen: string[] = [];
  const service = restService({
    name: "Things",
    signingNames: ["things"],
    operations: [
      operation("GetThing", "GET", "/things/{thing}", "thing"),
      operation("PutThing", "PUT", "/things/{thing}", "thing"),
      operation("GetPart", "GET", "/things/{thing}/parts.v1", "thing"),
      operation("Publish", "POST", "/topics/{topic+}", "topic"),
      operation("ListThings", "GET", "/things/"),
    ],
    missing: [{ name: "DeleteThing", method: "DELETE", path: "/things/{thing}" }],
    context: seen,
    invalid: "InvalidRequestException",
  });
  const ask = (method: string, path: string, query = "") =>
    service.understand(awsRequest({ method, path, query }));
  return { seen, service, ask };
};

test.each([
  ["a name", "GET", "/things/lamp", "GetThing", "lamp"],
  ["the method", "PUT", "/things/lamp", "PutThing", "lamp"],
  ["a blank", "GET", "/things/hall%20lamp", "GetThing", "hall lamp"],
  ["a slash that is part of a name", "GET", "/things/hall%2Flamp", "GetThing", "hall/lamp"],
  ["a percent sign that is part of a name", "GET", "/things/100%25", "GetThing", "100%"],
  ["what is encoded twice, decoded once", "GET", "/things/a%2520b", "GetThing", "a%20b"],
  ["letters beyond ASCII", "GET", "/things/k%C3%BCche", "GetThing", "küche"],
  ["a colon, as in an ARN", "GET", "/things/arn:aws:x", "GetThing", "arn:aws:x"],
  ["a plus sign, which is no blank in a path", "GET", "/things/a+b", "GetThing", "a+b"],
  ["a path that goes on", "GET", "/things/lamp/parts.v1", "GetPart", "lamp"],
  ["the rest of a path", "POST", "/topics/home/hall/lamp", "Publish", "home/hall/lamp"],
  ["the rest of a path, encoded", "POST", "/topics/%24aws%2Fthings", "Publish", "$aws/things"],
  ["the rest of a path with a slash at its end", "POST", "/topics/home/", "Publish", "home/"],
  ["a list", "GET", "/things/", "ListThings", ""],
  ["a list, its slash left out", "GET", "/things", "ListThings", ""],
])("%s: %s %s", async (_what, method, path, name, value) => {
  const { permissions, carryOut } = things().ask(method, path, "q=1");

  expect(permissions).toEqual([{ action: `things:${name}`, resource: value }]);
  expect(await carryOut()).toEqual({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, value, query: "1" }),
  });
});

test("a request is understood once", async () => {
  const { seen, ask } = things();

  await ask("GET", "/things/lamp").carryOut();

  expect(seen).toEqual(["GetThing"]);
});

describe("what is not imitated", () => {
  test.each([
    ["an operation that is known by name", "DELETE", "/things/lamp", "DeleteThing"],
    ["another method", "PATCH", "/things/lamp", "PATCH /things/lamp"],
    ["another path", "GET", "/rooms", "GET /rooms"],
    ["a path that goes on", "GET", "/things/lamp/more", "GET /things/lamp/more"],
    ["a slash at the end of a name", "GET", "/things/lamp/", "GET /things/lamp/"],
    ["a path that begins elsewhere", "GET", "/v1/things/lamp", "GET /v1/things/lamp"],
    ["a dot is a dot", "GET", "/things/lamp/partsxv1", "GET /things/lamp/partsxv1"],
    ["no rest of a path", "POST", "/topics/", "POST /topics/"],
  ])("%s: %s %s", (_what, method, path, name) => {
    const { seen, ask } = things();

    expect(() => ask(method, path)).toThrow(
      expect.objectContaining({
        code: "NotEmulated",
        message: `The local stack does not imitate Things ${name}; infra/local/README.md lists what it does.`,
      }),
    );
    expect(seen).toEqual([]);
  });
});

test.each(["/things/%", "/things/%zz", "/things/%ff", "/things/%C3", "/topics/%E0%A4"])(
  "%s is not percent-encoded UTF-8: the API's own code says so",
  (path) => {
    const method = path.startsWith("/topics") ? "POST" : "GET";

    expect(() => things().ask(method, path)).toThrow(
      expect.objectContaining({ code: "InvalidRequestException", status: 400 }),
    );
  },
);
