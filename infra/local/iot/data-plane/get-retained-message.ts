// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetRetainedMessage.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/** The retained message of a topic. */
export const getRetainedMessage: DataPlaneOperation = {
  name: "GetRetainedMessage",
  method: "GET",
  path: "/retainedMessage/{topic+}",
  understand: ({ parameters }, { arn, retained }) => {
    const topic = parameters("topic");
    return {
      permissions: [{ action: "iot:GetRetainedMessage", resource: arn(`topic/${topic}`) }],
      carryOut: () => {
        if (retained === undefined) {
          throw notEmulated("IoT data plane with an external broker", "GetRetainedMessage");
        }
        const message = retained.get(topic);
        if (message === undefined) {
          throw new AwsError(
            "ResourceNotFoundException",
            `No retained message exists on topic: ${topic}`,
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
    };
  },
};
