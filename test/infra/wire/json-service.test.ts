import { describe, expect, test } from "vitest";
import { AwsError } from "#local/wire/aws-service.ts";
import { type JsonOperation, jsonService, parseJsonObject } from "#local/wire/json-service.ts";
import { awsRequest } from "./aws-request.ts";

/** What the operations of the test work on: every step that is taken. */
interface Steps {
  readonly taken: string[];
}

const greet: JsonOperation<Steps> = {
  name: "Greet",
  understand: ({ Name }, { taken }) => {
    taken.push("understood");
    if (typeof Name !== "string") throw new AwsError("ValidationException", "Name is missing");
    return {
      permissions: [{ action: "greeter:Greet", resource: Name }],
      carryOut: () => {
        taken.push("carried out");
        if (Name === "nobody") throw new AwsError("ResourceNotFoundException", "not at home");
        return { Greeting: `Hello ${Name}` };
      },
    };
  },
};

const greeter = (more: Partial<Parameters<typeof jsonService<Steps>>[0]> = {}) => {
  const taken: string[] = [];
  const service = jsonService<Steps>({
    name: "Greeter",
    api: { signingName: "greeter", target: "Greeter_20260101", version: "1.1" },
    operations: [greet],
    context: { taken },
    ...more,
  });
  const ask = (target: string | undefined, body = "{}", method = "POST") =>
    service.understand(awsRequest({ method, body, headers: { "x-amz-target": target } }));
  return { taken, service, ask };
};

test("the target names the operation, the body is its input, and the answer is JSON of the API's version", async () => {
  const { service, ask } = greeter();

  const { permissions, carryOut } = ask("Greeter_20260101.Greet", '{"Name":"ada"}');

  expect(service.signingNames).toEqual(["greeter"]);
  expect(service.errorProtocol).toBe("json");
  expect(permissions).toEqual([{ action: "greeter:Greet", resource: "ada" }]);
  expect(await carryOut()).toEqual({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: '{"Greeting":"Hello ada"}',
  });
});

test("a request is understood once, and carried out only when it is told to", async () => {
  const { taken, ask } = greeter();

  const { carryOut } = ask("Greeter_20260101.Greet", '{"Name":"ada"}');
  const before = [...taken];
  await carryOut();

  expect(before).toEqual(["understood"]);
  expect(taken).toEqual(["understood", "carried out"]);
});

describe("a target that names no operation of the API", () => {
  test.each([
    ["none", undefined, "POST"],
    ["nothing", "", "POST"],
    ["the operation alone", "Greet", "POST"],
    ["another version of the API", "Greeter_20120101.Greet", "POST"],
    ["a longer name of the API", "Greeter_202601011.Greet", "POST"],
    ["another method", "Greeter_20260101.Greet", "GET"],
  ])("%s: UnknownOperationException", (_what, target, method) => {
    const { taken, ask } = greeter();

    expect(() => ask(target, '{"Name":"ada"}', method)).toThrow(
      expect.objectContaining({ code: "UnknownOperationException", status: 400 }),
    );
    expect(taken).toEqual([]);
  });

  test.each(["Part", "greet", "Greet.Twice", "constructor", "__proto__", ""])(
    "%j may be one that AWS has: NotEmulated names it",
    (name) => {
      expect(() => greeter().ask(`Greeter_20260101.${name}`)).toThrow(
        expect.objectContaining({
          code: "NotEmulated",
          status: 501,
          message: `The local stack does not imitate Greeter ${name}; infra/local/README.md lists what it does.`,
        }),
      );
    },
  );

  test("where the API's operations are all known, only those are NotEmulated", () => {
    const { ask } = greeter({ missing: new Set(["Part"]) });

    expect(() => ask("Greeter_20260101.Part")).toThrow(
      expect.objectContaining({ code: "NotEmulated" }),
    );
    expect(() => ask("Greeter_20260101.Dance")).toThrow(
      expect.objectContaining({ code: "UnknownOperationException" }),
    );
  });
});

describe("a body", () => {
  test.each(["", "{", "nonsense", "[]", "null", '"Name"', "7"])(
    "that is %j: SerializationException",
    (body) => {
      const { taken, ask } = greeter();

      expect(() => ask("Greeter_20260101.Greet", body)).toThrow(
        expect.objectContaining({ code: "SerializationException", status: 400 }),
      );
      expect(taken).toEqual([]);
    },
  );

  test("is not looked at for an operation that is not there", () => {
    expect(() => greeter().ask("Greeter_20260101.Part", "{")).toThrow(
      expect.objectContaining({ code: "NotEmulated" }),
    );
  });

  test("is read as the API reads it, where that is another way", () => {
    const { ask } = greeter({
      parseBody: (text) => (text === "" ? { Name: "you" } : parseJsonObject(text)),
    });

    expect(ask("Greeter_20260101.Greet", "").permissions).toEqual([
      { action: "greeter:Greet", resource: "you" },
    ]);
    expect(() => ask("Greeter_20260101.Greet", "[]")).toThrow(
      expect.objectContaining({ code: "SerializationException" }),
    );
  });
});

test("an API's own way to write errors holds for those of the reading and those of the doing", async () => {
  const { ask } = greeter({
    toError: (error) =>
      error instanceof AwsError ? new AwsError(`greeter#${error.code}`, error.message) : error,
  });

  const { carryOut } = ask("Greeter_20260101.Greet", '{"Name":"nobody"}');

  await expect(carryOut()).rejects.toMatchObject({ code: "greeter#ResourceNotFoundException" });
  expect(() => ask("Greeter_20260101.Greet")).toThrow(
    expect.objectContaining({ code: "greeter#ValidationException" }),
  );
  expect(() => ask("Greeter_20260101.Greet", "{")).toThrow(
    expect.objectContaining({ code: "greeter#SerializationException" }),
  );
  expect(() => ask(undefined)).toThrow(
    expect.objectContaining({ code: "greeter#UnknownOperationException" }),
  );
});
