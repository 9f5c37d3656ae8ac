// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { restService } from "#local/wire/rest-service.ts";
import type { DataPlane } from "./data-plane.ts";
import { deleteThingShadow } from "./delete-thing-shadow.ts";
import { getConnection } from "./get-connection.ts";
import { getRetainedMessage } from "./get-retained-message.ts";
import { getThingShadow } from "./get-thing-shadow.ts";
import { listNamedShadowsForThing } from "./list-named-shadows-for-thing.ts";
import { listRetainedMessages } from "./list-retained-messages.ts";
import { publish } from "./publish.ts";
import { updateThingShadow } from "./update-thing-shadow.ts";

/** The IoT data plane over HTTP. Signed as `iotdata` by the SDKs, as `iotdevicegateway` by the documentation. */
export const dataPlaneService = (plane: DataPlane): AwsService =>
  restService({
    name: "IoT data plane",
    signingNames: ["iotdata", "iotdevicegateway"],
    operations: [
      getThingShadow,
      updateThingShadow,
      deleteThingShadow,
      listNamedShadowsForThing,
      publish,
      getRetainedMessage,
      listRetainedMessages,
      getConnection,
    ],
    context: plane,
    invalid: "InvalidRequestException",
    missing: [
      { name: "ListSubscriptions", method: "GET", path: "/connections/{clientId}/subscriptions" },
      { name: "SendDirectMessage", method: "POST", path: "/connections/{clientId}/messages" },
      { name: "DeleteConnection", method: "DELETE", path: "/connections/{clientId}" },
    ],
  });
