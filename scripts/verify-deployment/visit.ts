import type { HomeId } from "#domain/home/home-id.ts";
import type { SignIn } from "../command/endpoints.ts";
import type { Registry } from "../devices/registry.ts";
import type { Redactor } from "../doctor/redactor.ts";
import { Fault } from "./finding.ts";
import type { Lamp, LampFiles } from "./lamp.ts";
import type { McpSession } from "./mcp-session.ts";

/** What became of a run of the lamp's scene. */
export interface LampRun {
  readonly run: string;
  readonly result: string;
  readonly say: string;
  /** It went on when the first call was answered. */
  readonly wasLeft: boolean;
  /** Of the one lamp, where it is not as asked. */
  readonly outcome: string;
  readonly reason: string;
}

/** The stack that is looked at, and what the checks have made there so far. */
export interface Visit {
  readonly registry: Registry;
  readonly signIn: SignIn;
  readonly redactor: Redactor;
  /** A home of this visit alone. */
  readonly home: HomeId;
  readonly thing: string;
  /** A folder that goes with the visit. */
  readonly folder: string;
  /** The root that a house's certificates are of, where it is not Amazon's. */
  readonly rootCertificateFile?: string;
  /** A run is left cut off, and the sweeper is waited for. */
  readonly waitsForSweeper: boolean;
  hasHome: boolean;
  token?: string;
  session?: McpSession;
  files?: LampFiles;
  lamp?: Lamp;
  /** The run that was done. */
  run?: string;
  /** The run that the lamp, cut off, did not answer. */
  unanswered?: LampRun;
}

/** What an earlier check has made. @throws Fault where it has not */
export const made = <T>(what: T | undefined, name: string): T => {
  if (what !== undefined) return what;
  throw new Fault("NotMade", `There is no ${name} to check with.`, "See the check before.");
};
