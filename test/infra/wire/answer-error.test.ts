import { expect, test } from "vitest";
import { answerError } from "#local/wire/answer-error.ts";

test.each<[string, Record<string, string>, string, object]>([
  [
    "AWS JSON, with a namespace",
    {},
    '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceInUseException","message":"Table already exists"}',
    { code: "ResourceInUseException", message: "Table already exists" },
  ],
  [
    "AWS JSON, the message in a capital letter",
    {},
    '{"__type":"AccessDeniedException","Message":"no"}',
    { code: "AccessDeniedException", message: "no" },
  ],
  [
    "REST, the code in a header",
    { "x-amzn-errortype": "ResourceNotFoundException" },
    '{"message":"Function not found"}',
    { code: "ResourceNotFoundException", message: "Function not found" },
  ],
  [
    "REST, the code with an address behind it",
    { "x-amzn-errortype": "ResourceNotFoundException:http://internal.amazon.com/coral/" },
    "",
    { code: "ResourceNotFoundException" },
  ],
  ["a code in the body", {}, '{"code":"Throttling"}', { code: "Throttling" }],
  ["a body that is no JSON", {}, "<html>", {}],
  ["a body that is no object", {}, "[1]", {}],
  ["members that are no texts", {}, '{"__type":7,"message":{}}', {}],
])("%s", (_what, headers, body, expected) => {
  const answer = { status: 400, headers, body: Buffer.from(body) };

  expect(answerError(answer)).toEqual(expected);
});
