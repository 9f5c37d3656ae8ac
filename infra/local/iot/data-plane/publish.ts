// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { publishFault } from "../broker/publish-fault.ts";
import { queryFlag, queryInteger } from "../messages/query.ts";
import { MAX_PAYLOAD_BYTES } from "../messages/topic.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/**
 * Publishes on a topic, also on the request topics of shadows. The properties of MQTT 5 are taken and end here, as
 * they do on AWS for a subscriber of MQTT 3.1.1, the only kind the broker has.
 */
export const publish: DataPlaneOperation = {
  name: "Publish",
  method: "POST",
  path: "/topics/{topic+}",
  understand: ({ request, parameters }, { arn, broker }) => {
    const topic = parameters("topic");
    const retain = queryFlag(request, "retain");
    const payload = request.body;
    const resource = arn(`topic/${topic}`);
    return {
      permissions: [
        { action: "iot:Publish", resource },
        ...(retain ? [{ action: "iot:RetainPublish", resource }] : []),
      ],
      carryOut: async () => {
        const qos = queryInteger(request, "qos", { least: 0, most: 1, otherwise: 0 });
        if (payload.length > MAX_PAYLOAD_BYTES) {
          throw new AwsError(
            "RequestEntityTooLargeException",
            "The payload exceeds the maximum size allowed",
            { status: 413 },
          );
        }
        const fault = publishFault({ topic, payload, qos });
        if (fault?.kind === "forbidden") {
          throw new AwsError("ForbiddenException", `${topic}: ${fault.message}`, { status: 403 });
        }
        if (fault !== undefined) throw new AwsError("InvalidRequestException", fault.message);
        await broker.submit({ topic, payload, qos: qos === 0 ? 0 : 1, retain });
        return jsonResponse({});
      },
    };
  },
};
