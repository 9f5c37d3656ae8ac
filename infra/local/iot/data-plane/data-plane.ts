// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { restService } from "#local/wire/rest-service.ts";
import type { Broker } from "../broker/broker.ts";
import type { RetainedTable } from "../broker/retained-table.ts";
import type { Database } from "../database/database.ts";
import type { ShadowService } from "../shadows/shadow-service.ts";
import type { ShadowTable } from "../shadows/shadow-table.ts";
import { deleteThingShadow } from "./delete-thing-shadow.ts";
import { getConnection } from "./get-connection.ts";
import { getRetainedMessage } from "./get-retained-message.ts";
import { getThingShadow } from "./get-thing-shadow.ts";
import { listNamedShadowsForThing } from "./list-named-shadows-for-thing.ts";
import { listRetainedMessages } from "./list-retained-messages.ts";
import { publish } from "./publish.ts";
import { updateThingShadow } from "./update-thing-shadow.ts";

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

/** The IoT data plane over HTTP. Signed as `iotdata` by the SDKs, as `iotdevicegateway` by the documentation. */
export const dataPlaneService = (plane: DataPlane): AwsService =>
  restService({
    name: "IoT data plane",
    signingNames: ["iotdata", "iotdevicegateway"],
    operations: [
      getThingShadow(plane),
      updateThingShadow(plane),
      deleteThingShadow(plane),
      listNamedShadowsForThing(plane),
      publish(plane),
      getRetainedMessage(plane),
      listRetainedMessages(plane),
      getConnection(plane),
    ],
    missing: [
      { name: "ListSubscriptions", method: "GET", path: "/connections/{clientId}/subscriptions" },
      { name: "SendDirectMessage", method: "POST", path: "/connections/{clientId}/messages" },
      { name: "DeleteConnection", method: "DELETE", path: "/connections/{clientId}" },
    ],
  });
