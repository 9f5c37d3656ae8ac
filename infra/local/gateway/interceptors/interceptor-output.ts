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

/** The answer that a REQUEST interceptor gives itself. */
export const shortCircuit = ({ statusCode, headers, body }: TransformedResponse): Answer =>
  isAbsent(body)
    ? { status: statusCode, headers: headersOf(headers), body: "" }
    : jsonAnswer(statusCode, body, headersOf(headers));

/**
 * The answer that a RESPONSE interceptor leaves: its headers and its body, and none of those that were there. What it
 * leaves out is lost, `Content-Type` too. Only a body that its input filter kept from it goes out as it was.
 */
export const replacement = (
  { statusCode, headers, body }: TransformedResponse,
  unseen: Answer | undefined,
): Answer => ({
  status: statusCode,
  headers: headersOf(headers),
  body: isAbsent(body) ? (unseen?.body ?? "") : JSON.stringify(body),
});

const isAbsent = (body: unknown): boolean => body === undefined || body === null;

const headersOf = (headers: TransformedResponse["headers"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers ?? {})
      .map(([name, value]) => [name.toLowerCase(), value.replaceAll(/[\r\n]+/g, " ")] as const)
      .filter(([name]) => !OWN.has(name)),
  );
