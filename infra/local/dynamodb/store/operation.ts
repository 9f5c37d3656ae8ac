import type { Json } from "./check-request.ts";
import type { DynaliteRequest } from "./dynalite-types.ts";
import type { Store } from "./store.ts";

/** What an operation works with. */
export interface OperationInput {
  readonly store: Store;
  /** The request as it came, TableName no longer an ARN. */
  readonly raw: Json;
  readonly data: DynaliteRequest;
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: number;
}

/** One operation: first checked, then permitted, then run. */
export interface Operation {
  /** @throws AwsError for a request that is not one. */
  check(raw: Json): DynaliteRequest;
  /** Synchronous: nothing comes between its reads and its writes. */
  run(input: OperationInput): Json;
}
