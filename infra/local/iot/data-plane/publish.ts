// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation, queryInteger } from "#local/wire/rest-service.ts";
import { publishFault } from "../broker/publish-fault.ts";
import { MAX_PAYLOAD_BYTES } from "../messages/topic.ts";
import type { DataPlane } from "./data-plane.ts";

/**
 * Publishes on a topic, also on the request topics of shadows. The properties of MQTT 5 are taken and end here, as
 * they do on AWS for a subscriber of MQTT 3.1.1, the only kind the broker has.
 */
export const publish = (plane: DataPlane): Operation => ({
  name: "Publish",
  method: "POST",
  path: "/topics/{topic+}",
  permissions: (parameters, request) => {
    const resource = plane.arn(`topic/${parameters("topic")}`);
    return [
      { action: "iot:Publish", resource },
      ...(isRetained(request) ? [{ action: "iot:RetainPublish", resource }] : []),
    ];
  },
  handle: async (parameters, request) => {
    const topic = parameters("topic");
    const qos = queryInteger(request, "qos", { least: 0, most: 1, otherwise: 0 });
    if (request.body.length > MAX_PAYLOAD_BYTES) {
      throw new AwsError(
        "RequestEntityTooLargeException",
        "The payload exceeds the maximum size allowed",
        { status: 413 },
      );
    }
    const fault = publishFault({ topic, payload: request.body, qos });
    if (fault?.kind === "forbidden") {
      throw new AwsError("ForbiddenException", `${topic}: ${fault.message}`, { status: 403 });
    }
    if (fault !== undefined) throw new AwsError("InvalidRequestException", fault.message);
    await plane.broker.submit({
      topic,
      payload: request.body,
      qos: qos === 0 ? 0 : 1,
      retain: isRetained(request),
    });
    return jsonResponse({});
  },
});

const isRetained = (request: AwsRequest): boolean => {
  const retain = request.query.get("retain") ?? "false";
  if (retain !== "true" && retain !== "false") {
    throw new AwsError("InvalidRequestException", "retain is neither true nor false");
  }
  return retain === "true";
};
