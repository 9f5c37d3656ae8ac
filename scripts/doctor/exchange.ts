/** A request as it is made and shown. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, or why nothing did. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly response?: HttpResponse;
  readonly trouble?: Trouble;
  readonly tookMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server's clock less ours, from its Date header; nothing when a cache answered. */
  readonly clockAheadMs?: number;
}

export interface Trouble {
  readonly kind: "dns" | "tls" | "connection" | "timeout" | "other";
  /** As Node names it, such as ENOTFOUND. */
  readonly reason: string;
}

// Claude gives discovery and token requests ten seconds.
const TIMEOUT_MS = 10_000;
// An answer is small; a server that never ends its answer is not waited for.
const MAX_BODY_CHARACTERS = 4_000_000;

/** Makes one request and follows no redirect; never throws for what the other side does. */
export const exchange = async (
  request: HttpRequest,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Exchange> => {
  const start = performance.now();
  const startedAt = Date.now();
  try {
    const answer = await fetch(request.url, {
      method: request.method,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const middle = (startedAt + Date.now()) / 2;
    const headers = Object.fromEntries(answer.headers);
    const body = await readBody(answer);
    const clockAheadMs = clockOf(headers, middle);
    return {
      request,
      response: {
        status: answer.status,
        headers,
        body,
        ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
      },
      tookMs: performance.now() - start,
    };
  } catch (error) {
    return { request, trouble: troubleOf(error), tookMs: performance.now() - start };
  }
};

// A Date header has whole seconds; half of one is what it is off on average.
const clockOf = (headers: Readonly<Record<string, string>>, now: number): number | undefined => {
  if (headers.age !== undefined || headers.date === undefined) return undefined;
  const at = Date.parse(headers.date);
  return Number.isNaN(at) ? undefined : at + 500 - now;
};

// An event stream stays open; its first JSON-RPC answer is all that is wanted.
const STREAM_ANSWER = /^data:.*"(?:result|error)".*\r?\n\r?\n/m;

const readBody = async (answer: Response): Promise<string> => {
  const isStream = (answer.headers.get("content-type") ?? "").includes("text/event-stream");
  const decoder = new TextDecoder();
  let text = "";
  if (answer.body === null) return text;
  const chunks: AsyncIterable<Uint8Array> = answer.body;
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BODY_CHARACTERS || (isStream && STREAM_ANSWER.test(text))) break;
  }
  return text;
};

const DNS = /^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_FAIL)$/;
const TLS =
  /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;
const CONNECTION = /^(?:ECONN|EHOST|ENET|EPIPE|UND_ERR_SOCKET|EADDRNOTAVAIL)/;
const TIMEOUT = /^(?:ETIMEDOUT|UND_ERR_.*TIMEOUT|TimeoutError)/;

const troubleOf = (error: unknown): Trouble => {
  const reason = reasonOf(error);
  const kind = DNS.test(reason)
    ? "dns"
    : TLS.test(reason)
      ? "tls"
      : CONNECTION.test(reason)
        ? "connection"
        : TIMEOUT.test(reason)
          ? "timeout"
          : "other";
  return { kind, reason };
};

// fetch hides what happened in its cause.
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return error.name;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};
