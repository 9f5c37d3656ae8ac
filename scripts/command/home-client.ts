import { setTimeout as pause } from "node:timers/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import * as z from "zod";
import type { SignIn } from "./endpoints.ts";
import { Problem } from "./problem.ts";

/** An MCP client that is signed in as the machine client. */
export interface HomeClient {
  /** Calls a tool of the target `home` and gives its structured answer, a refusal (`error`) included. */
  callTool(tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export type ToolAnswer = Readonly<Record<string, unknown>>;

// The MCP SDK's own default: whatever a run takes, each call is answered within 45 s and what is read around them.
const TIMEOUT_MS = 60_000;

/**
 * Signs in with client_credentials and opens an MCP session with the gateway.
 * @throws Problem when either is refused or cannot be reached
 */
export const connectToHome = async (endpoints: MachineEndpoints): Promise<HomeClient> => {
  const token = await machineToken(endpoints);
  const client = new Client({ name: "smarthome-scenes", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(endpoints.gateway.url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await asProblem(client.connect(transport));
  const call = async (tool: string, args: ToolAnswer): Promise<ToolAnswer> => {
    const called = client.callTool(
      { name: `home___${tool}`, arguments: args },
      { timeout: TIMEOUT_MS },
    );
    return answerOf(await asProblem(called));
  };
  return {
    callTool: (tool, args) =>
      canRepeat(tool, args) ? whenThereIsRoom(() => call(tool, args)) : call(tool, args),
    close: () => client.close(),
  };
};

// A look changes nothing, and the same request id runs nothing twice.
const canRepeat = (tool: string, args: ToolAnswer): boolean =>
  /^(?:get|plan|list|explain|verify)_/.test(tool) || typeof args.request_id === "string";

const PATIENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 4000;

/** Calls again while the house is busy: an account has so many functions at once, and refuses what is beyond. */
const whenThereIsRoom = async (call: () => Promise<ToolAnswer>): Promise<ToolAnswer> => {
  const lastMs = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    let why: unknown;
    try {
      const answer = await call();
      if (!isNoAnswer(answer)) return answer;
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      why = error;
    }
    if (performance.now() > lastMs) {
      throw new Problem(
        `The house is busy: ${tries} tries found no room, and nothing was sent that is known of. Ask again with the same request id, which sends nothing twice.`,
        { cause: why },
      );
    }
    // At random, so that those who were refused together do not come back together.
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 500 * 2 ** tries));
  }
};

const isNoAnswer = ({ error }: ToolAnswer): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "NoAnswer";

/** The gateway could not have a function invoked. */
class Busy extends Problem {}

// What the gateway or the way to it answered is told in a line; what lies behind is in the functions' logs.
const asProblem = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const refusal = refusalIn(why);
    if (refusal?.retryAfter !== undefined) {
      throw new Problem(
        `The gateway takes no more calls of this client just now (${refusal.message}); it will in ${refusal.retryAfter} s. Nothing was sent.`,
        { cause },
      );
    }
    const Kind = refusal?.message === GATEWAY_FAILED ? Busy : Problem;
    throw new Kind(
      `The gateway did not answer as it should: ${refusal?.message ?? why}. The functions' logs tell more: a house's are in DIR/logs, a stack's in CloudWatch.`,
      { cause },
    );
  }
};

const GATEWAY_FAILED = "An internal error occurred. Please retry later.";

/** The words of a JSON-RPC error that a transport's error ends with, and in how many seconds to come back. */
const refusalIn = (
  text: string,
): { readonly message: string; readonly retryAfter?: number } | undefined => {
  const start = text.indexOf("{");
  if (start === -1) return undefined;
  try {
    const parsed = REFUSAL.safeParse(JSON.parse(text.slice(start)));
    if (!parsed.success) return undefined;
    const { message, data } = parsed.data.error;
    return { message, ...(data === undefined ? {} : { retryAfter: data.retryAfter }) };
  } catch {
    // Not JSON: the text as it is.
    return undefined;
  }
};

const REFUSAL = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ retryAfter: z.number() }).optional().catch(undefined),
  }),
});

/** Where the machine client signs in and calls, be it of a house or of an account. */
export interface MachineEndpoints {
  readonly gateway: SignIn["gateway"];
  readonly cognito: {
    readonly domain: string;
    readonly clients: Pick<SignIn["cognito"]["clients"], "machine">;
  };
}

/** A token of the machine client, as `POST /oauth2/token` gives it. */
export const machineToken = async (endpoints: MachineEndpoints): Promise<string> => {
  const { clientId, clientSecret = "" } = endpoints.cognito.clients.machine;
  const url = `${endpoints.cognito.domain}/oauth2/token`;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    },
    body: "grant_type=client_credentials",
  }).catch((cause: unknown) => {
    throw new Problem(`Signing in failed: nobody answers at ${url}.`, { cause });
  });
  const body = (await response.json()) as { access_token?: string; error?: string };
  if (body.access_token === undefined) {
    throw new Problem(`Signing in failed: ${body.error ?? `HTTP ${response.status}`}.`);
  }
  return body.access_token;
};

const answerOf = (result: {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
}): ToolAnswer => {
  if (typeof result.structuredContent === "object" && result.structuredContent !== null) {
    return result.structuredContent as ToolAnswer;
  }
  const [first] = Array.isArray(result.content) ? (result.content as readonly unknown[]) : [];
  const text =
    typeof first === "object" && first !== null && "text" in first ? String(first.text) : "";
  throw new Problem(`The gateway answered: ${text || "nothing"}`);
};
