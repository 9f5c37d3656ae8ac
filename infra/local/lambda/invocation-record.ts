// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
import type { GivenUp, WaitingEvent } from "./event-table.ts";

/** The record of an event that was given up, as its destination gets it. */
export const invocationRecord = (
  event: Pick<WaitingEvent, "invocation" | "attempts">,
  functionArn: string,
  { condition, response }: GivenUp,
  nowMs: number,
): string =>
  JSON.stringify({
    version: "1.0",
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: event.invocation.requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.invocation.payload.toString("utf8")) as unknown,
    ...(response === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            functionError: "Unhandled",
          },
          responsePayload: JSON.parse(response) as unknown,
        }),
  });
