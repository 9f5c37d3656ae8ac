import * as z from "zod";
import { type Answer, jsonAnswer } from "../request/answer.ts";

const headers = z.record(z.string(), z.string()).nullish();

const output = z.object({
  interceptorOutputVersion: z.literal("1.0"),
  mcp: z.object({
    transformedGatewayRequest: z.object({ headers, body: z.unknown().optional() }).nullish(),
    transformedGatewayResponse: z
      .object({
        statusCode: z.int().min(100).max(599).default(200),
        headers,
        body: z.unknown().optional(),
      })
      .nullish(),
  }),
});

type Output = z.infer<typeof output>["mcp"];
export type TransformedResponse = NonNullable<Output["transformedGatewayResponse"]>;

/** Reads what an interceptor returned; nothing when it is not an interceptor's output. */
export const parseInterceptorOutput = (payload: string): Output | undefined => {
  try {
    const parsed = output.safeParse(JSON.parse(payload));
    return parsed.success ? parsed.data.mcp : undefined;
  } catch {
    return undefined;
  }
};

// They describe the message on the wire, which the gateway writes itself.
const OWN = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

/** The answer that an interceptor wrote, with the body of `instead` when it gave none. */
export const transformedAnswer = (transformed: TransformedResponse, instead?: Answer): Answer => {
  const given = Object.entries(transformed.headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), value.replaceAll(/[\r\n]+/g, " ")] as const)
    .filter(([name]) => !OWN.has(name));
  const base =
    transformed.body === undefined || transformed.body === null
      ? (instead ?? { status: 200, headers: {}, body: "" })
      : jsonAnswer(transformed.statusCode, transformed.body);
  return {
    status: transformed.statusCode,
    headers: { ...instead?.headers, ...base.headers, ...Object.fromEntries(given) },
    body: base.body,
  };
};
