import type { RestOperation } from "#local/wire/rest-service.ts";
import type { Broker } from "../broker/broker.ts";
import type { RetainedTable } from "../broker/retained-table.ts";
import type { Database } from "../database/database.ts";
import type { ShadowService } from "../shadows/shadow-service.ts";
import type { ShadowTable } from "../shadows/shadow-table.ts";

/** What the operations of the data plane work on. */
export interface DataPlane {
  readonly arn: (resource: string) => string;
  readonly broker: Broker;
  readonly database: Database;
  /** Absent with an external broker, which keeps them itself. */
  readonly retained?: RetainedTable;
  readonly shadows: ShadowService;
  readonly shadowTable: ShadowTable;
  readonly nowSeconds: () => number;
}

/** An operation of the data plane. */
export type DataPlaneOperation = RestOperation<DataPlane>;
