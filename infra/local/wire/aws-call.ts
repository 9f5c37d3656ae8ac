import { Agent, request } from "node:http";
import { type Credentials, signRequest } from "./signature.ts";

/** How an emulator reaches another one: the AWS endpoint, as some role. */
export interface AwsAccess {
  /** e.g. `http://localhost:4602` */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /**
   * The endpoint itself, where it is in this process: the same answer for the same role, without HTTP and without a
   * signature, which would prove to a process that it knows its own secret.
   */
  readonly direct?: (call: DirectCall) => Promise<AwsAnswer>;
}

/** A call that needs no proof of who makes it. */
export interface DirectCall {
  readonly accessKeyId: string;
  readonly region: string;
  /** SigV4 signing name. */
  readonly service: string;
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal?: AbortSignal;
}

export interface AwsCall {
  /** SigV4 signing name, e.g. `lambda`. */
  readonly service: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Percent-encoded, may carry a query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Ends the call, and with it the connection. */
  readonly signal?: AbortSignal;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

// One pool for the process: a connection per call costs more than the call.
const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 0 });

/**
 * Calls the endpoint: directly where it is in this process, else by one signed request. An error status is an answer, not
 * an exception; a broken connection rejects.
 */
export const callAws = (access: AwsAccess, call: AwsCall): Promise<AwsAnswer> => {
  const url = new URL(call.path, access.endpoint);
  const body = Buffer.isBuffer(call.body) ? call.body : Buffer.from(call.body);
  if (access.direct !== undefined) {
    return access.direct({
      accessKeyId: access.credentials.accessKeyId,
      region: access.region,
      service: call.service,
      method: call.method,
      path: url.pathname,
      query: url.searchParams,
      headers: { host: url.host, ...call.headers, "content-length": String(body.length) },
      body,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  }
  const headers = signRequest(
    {
      method: call.method,
      path: url.pathname,
      query: url.searchParams,
      headers: { host: url.host, ...call.headers },
      body,
    },
    access.credentials,
    { region: access.region, service: call.service, nowMs: Date.now() },
  );
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: call.method,
        headers: { ...headers, "content-length": String(body.length) },
        agent,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
};
