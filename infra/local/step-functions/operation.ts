import type { RequiredPermission } from "../aws-service.ts";
import type { Place } from "./arns.ts";
import type { Engine } from "./execution.ts";
import type { ExecutionLogs } from "./execution-logs.ts";
import type { JsonObject } from "./json.ts";
import type { Store } from "./store.ts";

/** What every operation works on. */
export interface ServiceParts {
  readonly place: Place;
  readonly store: Store;
  readonly engine: Engine;
  readonly logs: ExecutionLogs;
  /** AWS delivers an asynchronous start of an Express workflow at least once; here it can be made twice, always. */
  readonly deliverAsyncStartsTwice: boolean;
}

/** One API operation: the permissions its input needs, and what it does. */
export interface Operation {
  permissions(input: JsonObject, place: Place): readonly RequiredPermission[];
  run(input: JsonObject, parts: ServiceParts): Promise<JsonObject> | JsonObject;
}
