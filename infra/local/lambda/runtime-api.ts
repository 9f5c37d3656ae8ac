// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "#local/wire/http.ts";

/** The two bytes-limits of AWS: 6 MB, and a little room that Lambda gives to a response. */
export const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
export const MAX_RESPONSE_BYTES = MAX_REQUEST_BYTES + 100;

/** What an execution environment says to Lambda. */
export interface EnvironmentSide {
  /** It is ready for an event; `give` hands it one. */
  ready(give: (headers: Readonly<Record<string, string>>, payload: Buffer) => void): void;
  /** The result of a call; undefined where it is larger than Lambda takes. */
  responded(requestId: string, payload: Buffer | undefined, maxMemoryKb: number): void;
  failed(requestId: string, error: Buffer, maxMemoryKb: number): void;
  initFailed(error: Buffer): void;
}

/** The Runtime API for all environments; each one is known by its token. */
export interface RuntimeApi {
  /** `127.0.0.1:PORT`, what goes into AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  join(side: EnvironmentSide): { readonly token: string; leave(): void };
  close(): Promise<void>;
}

const PREFIX = "/2018-06-01/runtime/";

/** Serves the Runtime API on a free port of the loopback interface. */
export const startRuntimeApi = async (): Promise<RuntimeApi> => {
  const environments = new Map<string, EnvironmentSide>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const side = environments.get(String(request.headers["x-environment-token"] ?? ""));
    const [kind, requestId = "", what] = (request.url ?? "").slice(PREFIX.length).split("/");
    if (side === undefined || !request.url?.startsWith(PREFIX)) {
      answer(response, 403);
      return;
    }
    if (request.method === "GET" && kind === "invocation" && requestId === "next") {
      side.ready((headers, payload) => {
        response.writeHead(200, { ...headers, "content-length": payload.length });
        response.end(payload);
      });
      return;
    }
    const body = await readUpTo(request, MAX_RESPONSE_BYTES);
    const maxMemoryKb = Number(request.headers["x-max-memory-kb"] ?? 0);
    if (kind === "init" && requestId === "error") {
      side.initFailed(body ?? Buffer.from("{}"));
      answer(response, 202);
    } else if (kind === "invocation" && what === "error") {
      side.failed(requestId, body ?? Buffer.from("{}"), maxMemoryKb);
      answer(response, 202);
    } else if (kind === "invocation" && what === "response") {
      side.responded(requestId, body, maxMemoryKb);
      answer(response, body === undefined ? 413 : 202);
    } else {
      answer(response, 404);
    }
  };

  const { port, server, close } = await listen(
    (request, response) => {
      handle(request, response).catch(() => response.destroy());
    },
    0,
    { name: "Lambda Runtime API", option: "another" },
  );
  // A handler may be silent for fifteen minutes between two requests.
  server.keepAliveTimeout = 0;
  return {
    address: `127.0.0.1:${port}`,
    join: (side) => {
      const token = randomBytes(24).toString("base64url");
      environments.set(token, side);
      return { token, leave: () => environments.delete(token) };
    },
    close,
  };
};

const answer = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { "content-length": 0 });
  response.end();
};

/** The body, or undefined when it is longer; the rest is read and thrown away. */
const readUpTo = (request: IncomingMessage, limit: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => resolve(size > limit ? undefined : Buffer.concat(chunks)));
    request.on("error", reject);
  });
