import type { StageNames } from "#aws/names/stage.ts";
import type { ClientOptions } from "../devices/stack-outputs.ts";
import type { Finding } from "./finding.ts";

/** Where something is to be deployed, and what is known of it so far. */
export interface Site {
  readonly clientOptions: ClientOptions;
  readonly names: StageNames;
  readonly region: string;
  /** The account's number, where the credentials tell it. */
  readonly account?: string;
  /** The stack is there already, and so are its names. */
  readonly isDeployed: boolean;
}

/** One thing that must be so before a deployment. */
export interface Check {
  readonly name: string;
  find(site: Site): Promise<Finding>;
}
