import type { IncomingMessage } from "node:http";
import { readBody } from "#local/wire/read-body.ts";
import { CHECKS } from "./checks/checks.ts";
import { interceptRequest } from "./interceptors/intercept-request.ts";
import { interceptResponse } from "./interceptors/intercept-response.ts";
import { carryOut } from "./methods/operations.ts";
import { type Answer, errorAnswer } from "./request/answer.ts";
import type { Arrived, Check, GatewayContext } from "./request/context.ts";
import { parseBody } from "./request/parse-message.ts";

// "Payload size 6 MB for tools/call, tools/list and search".
const MAX_BODY_BYTES = 6 * 1024 * 1024;

// The rest of the body is not read: the connection cannot be used again.
const TOO_LARGE = errorAnswer(
  null,
  { code: -32_600, message: "Request body is larger than 6 MB" },
  413,
  { connection: "close" },
);

const ACCEPTED: Answer = { status: 202, headers: {}, body: "" };

/** From a request to its answer: the checks in the order of `CHECKS`, then the operation between its interceptors. */
export const handle = async (
  gateway: GatewayContext,
  request: IncomingMessage,
): Promise<Answer> => {
  const early = await firstAnswer(CHECKS.beforeToken, gateway, request);
  if (early !== undefined) return early;
  const token = await CHECKS.token(gateway, request);
  if (!("claims" in token)) return token;
  const unread = await firstAnswer(CHECKS.beforeBody, gateway, request);
  if (unread !== undefined) return unread;
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes === "too large") return TOO_LARGE;
  const text = bytes.toString("utf8");
  const body = parseBody(text);
  if (body === "silent") return ACCEPTED;
  if (!("message" in body)) return body;
  const arrived: Arrived = { request, claims: token.claims, text, ...body };
  for (const check of CHECKS.message) {
    const answer = check(gateway, arrived);
    if (answer !== undefined) return answer;
  }
  return carryOutBetweenInterceptors(gateway, arrived);
};

const firstAnswer = async (
  checks: readonly Check[],
  gateway: GatewayContext,
  request: IncomingMessage,
): Promise<Answer | undefined> => {
  for (const check of checks) {
    const answer = await check(gateway, request);
    if (answer !== undefined) return answer;
  }
  return undefined;
};

// A REQUEST interceptor that answers itself keeps the target from being called, not the RESPONSE interceptor.
const carryOutBetweenInterceptors = async (
  gateway: GatewayContext,
  arrived: Arrived,
): Promise<Answer> => {
  const request = await interceptRequest(gateway, arrived);
  const ended =
    "answer" in request
      ? request
      : { answer: await carryOut(gateway, request, arrived), isShortCircuit: false };
  return interceptResponse(gateway, arrived, ended);
};
