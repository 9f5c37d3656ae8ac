import type { JsonOperation } from "#local/wire/json-service.ts";
import type { LogGroups } from "./log-groups.ts";

/** An operation of CloudWatch Logs. */
export type LogsOperation = JsonOperation<LogGroups>;
