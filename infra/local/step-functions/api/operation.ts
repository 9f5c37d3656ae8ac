import type { JsonOperation } from "#local/wire/json-service.ts";
import type { Engine } from "../run/execution.ts";
import type { ExecutionLogs } from "../store/execution-logs.ts";
import type { Store } from "../store/store.ts";
import type { Place } from "../values/arns.ts";

/** What every operation works on. */
export interface ServiceParts {
  readonly place: Place;
  readonly store: Store;
  readonly engine: Engine;
  readonly logs: ExecutionLogs;
  /** AWS delivers an asynchronous start of an Express workflow at least once; here it can be made twice, always. */
  readonly deliverAsyncStartsTwice: boolean;
}

/** An operation of the Step Functions API. */
export type StepFunctionsOperation = JsonOperation<ServiceParts>;
