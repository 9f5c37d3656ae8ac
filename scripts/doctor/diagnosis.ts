import type { Exchange, HttpRequest } from "./exchange.ts";
import type { Redactor } from "./redactor.ts";
import type { AuthorizationServer, Challenge, ResourceMetadata } from "./what-was-learned.ts";

/** `failure` would stop Claude; `warning` stops some clients, or is worth knowing. */
export type Status = "ok" | "warning" | "failure";

/** One thing that was found out, under a code that stays the same. */
export interface Finding {
  readonly code: string;
  readonly status: Status;
  readonly summary: string;
  readonly fix?: string;
  /** The request that showed it. */
  readonly exchange?: Exchange;
}

/** One step of the walk; finds nothing where an earlier step did not learn what it needs. */
export type Check = (walk: Walk) => Promise<readonly Finding[]>;

/** An app client of the sign-in server, as its user would enter it. */
export interface Client {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Who uses it: a person in a browser, a machine, or not told. */
  readonly use: "person" | "machine" | "unknown";
  /** Where a browser is to be sent back to. */
  readonly callbacks: readonly string[];
}

/** A token that was obtained, and whose it is. */
export interface ObtainedToken {
  readonly client: Client;
  readonly how: "client_credentials" | "sign-in";
  readonly value: string;
  /** What it says of itself; nothing when it is no JWT. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

/** What the doctor was asked to look at. */
export interface Patient {
  /** The address as it was typed: metadata is compared with exactly this. */
  readonly url: string;
  readonly clients: readonly Client[];
  /** The address that a program opened to have a person signed in. */
  readonly asked?: string;
  /** With which client and callback a person signs in. */
  readonly signIn?: { readonly client: Client; readonly callback: string };
}

/** The patient, and what the steps have learned so far. */
export interface Walk extends Patient {
  readonly redactor: Redactor;
  /** Makes a request; it is printed with the step. */
  send(request: HttpRequest): Promise<Exchange>;
  /** Says something while a step is under way. */
  tell(line: string): void;
  /** The answer to a request without a token. */
  first?: Exchange;
  challenge?: Challenge;
  resource?: ResourceMetadata;
  server?: AuthorizationServer;
  readonly tokens: ObtainedToken[];
  /** Answers that were kept because two steps want them. */
  readonly kept: Map<string, Promise<unknown>>;
}
