import type { StackIdentity } from "../cloudformation/physical-resource.ts";
import type { Addresses } from "./addresses.ts";
import type { Declared } from "./declared.ts";
import type { Endpoint } from "./start-endpoint.ts";

/** What every service of the stack is started with. */
export interface Ground {
  readonly identity: StackIdentity;
  readonly declared: Declared;
  readonly endpoint: Endpoint;
  readonly addresses: Addresses;
  /** Full path of a file that survives a restart. */
  file(name: string): string;
  /** Where functions, executions and log groups write. */
  readonly logDirectory: string;
  log(line: string): void;
}
