// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetRetainedMessage.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { DataPlane } from "./data-plane.ts";

/** The retained message of a topic. */
export const getRetainedMessage = (plane: DataPlane): Operation => ({
  name: "GetRetainedMessage",
  method: "GET",
  path: "/retainedMessage/{topic+}",
  permissions: (parameters) => [
    { action: "iot:GetRetainedMessage", resource: plane.arn(`topic/${parameters("topic")}`) },
  ],
  handle: async (parameters) => {
    if (plane.retained === undefined) {
      throw notEmulated("IoT data plane with an external broker", "GetRetainedMessage");
    }
    const message = plane.retained.get(parameters("topic"));
    if (message === undefined) {
      throw new AwsError(
        "ResourceNotFoundException",
        `No retained message exists on topic: ${parameters("topic")}`,
        { status: 404 },
      );
    }
    return jsonResponse({
      topic: message.topic,
      payload: message.payload.toString("base64"),
      qos: message.qos,
      lastModifiedTime: message.modifiedMs,
    });
  },
});
