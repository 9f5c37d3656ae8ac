import { randomUUID } from "node:crypto";
import type { AwsAnswer, DirectCall } from "#local/wire/aws-call.ts";
import type { AwsResponse } from "#local/wire/aws-service.ts";
import { CLOSING_MS } from "#local/wire/http.ts";

/** The endpoint for callers in its own process. */
export interface InProcessEntrance {
  /** Answers as over HTTP; rejects as a connection does: where nobody listens any more, and when it is cut. */
  readonly call: (call: DirectCall) => Promise<AwsAnswer>;
  /** Takes no more calls, and cuts off those that are not answered in half a second. */
  close(): Promise<void>;
}

/** Opens it; `serve` has an answer for everything, an error included. */
export const openInProcessEntrance = (
  serve: (call: DirectCall, requestId: string) => Promise<AwsResponse>,
): InProcessEntrance => {
  const underWay = new Set<(error: Error) => void>();
  let isOpen = true;
  let onIdle: (() => void) | undefined;

  const call = (one: DirectCall): Promise<AwsAnswer> =>
    new Promise((resolve, reject) => {
      const { signal } = one;
      if (!isOpen) {
        reject(connectionError("ECONNREFUSED", "connect ECONNREFUSED"));
        return;
      }
      if (signal?.aborted === true) {
        reject(abortError(signal));
        return;
      }
      const settle = (then: () => void): void => {
        if (!underWay.delete(cut)) return;
        signal?.removeEventListener("abort", abort);
        then();
        if (underWay.size === 0) onIdle?.();
      };
      const cut = (error: Error): void => settle(() => reject(error));
      // The service goes on with what it was told, as it does when a connection breaks.
      const abort = (): void => {
        if (signal !== undefined) cut(abortError(signal));
      };
      underWay.add(cut);
      signal?.addEventListener("abort", abort);
      const requestId = randomUUID();
      serve(one, requestId).then(
        (response) => settle(() => resolve(asAnswer(response, requestId))),
        cut,
      );
    });

  return {
    call,
    close: async () => {
      isOpen = false;
      if (underWay.size === 0) return;
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => {
          for (const cut of [...underWay]) cut(connectionError("ECONNRESET", "socket hang up"));
        }, CLOSING_MS);
        onIdle = () => {
          clearTimeout(force);
          resolve();
        };
      });
    },
  };
};

const asAnswer = ({ status, headers, body }: AwsResponse, requestId: string): AwsAnswer => {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return {
    status,
    // What Node's server says beside it reaches a task's SdkHttpMetadata, and does so here.
    headers: {
      ...sentHeaders(requestId, bytes.length),
      connection: "keep-alive",
      ...headers,
    },
    body: bytes,
  };
};

/** What the endpoint says in each answer. */
export const sentHeaders = (
  requestId: string,
  bytes: number,
): { readonly [name: string]: string } => ({
  // Node.js keeps its own for up to a second. When the clock is set, the SDKs would take that for the right time, and
  // sign the next requests with it.
  date: new Date().toUTCString(),
  "x-amzn-requestid": requestId,
  "content-length": String(bytes),
});

// As Node's own errors: those who call look at the code.
const connectionError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

const abortError = (signal: AbortSignal): Error =>
  Object.assign(new Error("The operation was aborted", { cause: signal.reason }), {
    name: "AbortError",
    code: "ABORT_ERR",
  });
