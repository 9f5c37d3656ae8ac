/** An HTTP answer before it is written. Header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An id of JSON-RPC as MCP allows it; null where the request's own could not be read. */
export type MessageId = string | number | null;

/** A JSON document as an answer. */
export const jsonAnswer = (
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(document),
});

/** A JSON-RPC result. */
export const resultAnswer = (id: MessageId, result: unknown): Answer =>
  jsonAnswer(200, { jsonrpc: "2.0", id, result });

/** A JSON-RPC error; HTTP 200 unless the transport itself was at fault. */
export const errorAnswer = (
  id: MessageId,
  error: { readonly code: number; readonly message: string; readonly data?: unknown },
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer => jsonAnswer(status, { jsonrpc: "2.0", id, error }, headers);

/** What a caller is told of every failure that is none of its business. */
export const INTERNAL_ERROR = "An internal error occurred. Please retry later.";
