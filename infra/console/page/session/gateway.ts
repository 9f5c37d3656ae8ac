import {
  Client,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type * as z from "zod";
import { ProblemError, problemOfAnswer, problemOfHttp } from "../../model/problem.ts";

/** The gateway's tools, as they are offered to whoever is signed in. */
export interface Gateway {
  /** The tools' plain names, without their targets. */
  readonly tools: ReadonlySet<string>;
  /** Calls a tool and reads its answer. @throws ProblemError */
  call<T>(tool: string, args: object, form: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
}

/** Gives the access token; a fresh one when the gateway did not take the last. Undefined: the sign-in is over. */
export type TokenFor = (last: string | undefined) => Promise<string | undefined>;

// CloudFront waits 60 s for the gateway; whatever takes longer is asked about by its request's id.
const LONGEST_CALL_MS = 65_000;

/** Opens the gateway at an address of this origin. @throws ProblemError */
export const openGateway = async (address: string, tokenFor: TokenFor): Promise<Gateway> => {
  const client = new Client({ name: "smarthome-console", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(address, location.origin), {
    fetch: (url, init) => fetchAs(tokenFor, url, init),
  });
  await told(() => client.connect(transport));
  const { tools } = await told(() => client.listTools());
  // The gateway puts the target before a tool's name: `audit___list_runs`.
  const full = new Map(tools.map(({ name }) => [name.replace(/^.*___/, ""), name]));
  return {
    tools: new Set(full.keys()),
    call: async (tool, args, form, signal) => {
      const name = full.get(tool);
      if (name === undefined) throw new ProblemError({ is: "forbidden" });
      const result = await told(() =>
        client.callTool(
          { name, arguments: { ...args } },
          { timeout: LONGEST_CALL_MS, ...(signal === undefined ? {} : { signal }) },
        ),
      );
      const answer = answerIn(result);
      const problem = problemOfAnswer(answer);
      if (problem !== undefined) throw new ProblemError(problem);
      const read = form.safeParse(answer);
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw new ProblemError({
        is: "unreadable",
        told: `${tool}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
      });
    },
  };
};

interface Answer {
  readonly structuredContent?: unknown;
  readonly content?: readonly { readonly type: string; readonly text?: unknown }[];
}

const answerIn = ({ structuredContent, content }: Answer): unknown => {
  if (structuredContent !== undefined) return structuredContent;
  const text = content?.find(({ type }) => type === "text")?.text;
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError({ is: "unreadable", told: text.slice(0, 200) }, cause);
  }
};

const fetchAs = async (
  tokenFor: TokenFor,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> => {
  // The stream that a GET would open the gateway does not have; asked, it answers 405, which the browser logs as an error.
  if (init.method === "GET") return new Response(null, { status: 405 });
  const send = async (token: string | undefined): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    try {
      return await fetch(url, { ...init, headers, credentials: "omit", cache: "no-store" });
    } catch (cause) {
      if (init.signal?.aborted === true) throw cause;
      throw new ProblemError({ is: "offline" }, cause);
    }
  };
  const token = await tokenFor(undefined);
  const first = await send(token);
  const response = first.status === 401 ? await again(tokenFor, token, send, first) : first;
  const problem = problemOfHttp(response.status, response.headers.get("content-type"));
  if (problem !== undefined) throw new ProblemError(problem);
  return response;
};

// A token lives an hour: the first call after that is refused, once.
const again = async (
  tokenFor: TokenFor,
  last: string | undefined,
  send: (token: string | undefined) => Promise<Response>,
  refused: Response,
): Promise<Response> => {
  const fresh = last === undefined ? undefined : await tokenFor(last);
  return fresh === undefined ? refused : send(fresh);
};

// The client wraps what its transport threw; what is told is the first problem in the chain.
const told = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof ProblemError) throw cause;
      if (cause instanceof SdkError && cause.code === SdkErrorCode.RequestTimeout) {
        throw new ProblemError({ is: "timed_out" }, cause);
      }
    }
    throw error;
  }
};
