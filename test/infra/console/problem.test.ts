import { expect, test } from "vitest";
import {
  type Problem,
  problemOfAnswer,
  problemOfHttp,
} from "../../../infra/console/model/problem.ts";

const JSON_TYPE = "application/json";
const HTML = "text/html; charset=utf-8";

test.each<[number, string | null, Problem | undefined]>([
  [200, JSON_TYPE, undefined],
  [200, "text/event-stream", undefined],
  [202, null, undefined],
  [202, "text/plain", undefined],
  [401, JSON_TYPE, { is: "signed_out" }],
  [403, JSON_TYPE, { is: "forbidden" }],
  [403, HTML, { is: "forbidden" }],
  [404, HTML, { is: "no_gateway" }],
  [429, JSON_TYPE, { is: "too_many" }],
  [504, HTML, { is: "timed_out" }],
  [500, JSON_TYPE, { is: "broken", status: 500 }],
  [502, HTML, { is: "broken", status: 502 }],
  // A custom error page that turned an error into a page, or a hotel's sign-in.
  [200, HTML, { is: "not_data", status: 200 }],
])("%i with %s is told as what it is", (status, contentType, problem) => {
  expect(problemOfHttp(status, contentType)).toEqual(problem);
});

test("a tool's refusal is told in its own words, and one for lack of rights is no fault", () => {
  expect(
    problemOfAnswer({ error: { code: "RunUnknown", message: "There is no run.", closest: ["a"] } }),
  ).toEqual({ is: "refused", code: "RunUnknown", told: "There is no run.", closest: ["a"] });
  expect(problemOfAnswer({ error: { code: "NotAllowed", message: "You are a guest." } })).toEqual({
    is: "forbidden",
    told: "You are a guest.",
  });
  expect(problemOfAnswer({ say: "Done." })).toBeUndefined();
  expect(problemOfAnswer(undefined)).toBeUndefined();
});
