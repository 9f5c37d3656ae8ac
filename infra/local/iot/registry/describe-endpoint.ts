// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeEndpoint.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";

/** Where devices connect. AWS answers a host name only; here the port is not the usual one and is part of it. */
export const describeEndpoint: ControlPlaneOperation = {
  name: "DescribeEndpoint",
  method: "GET",
  path: "/endpoint",
  understand: ({ request }, plane) => ({
    permissions: [{ action: "iot:DescribeEndpoint", resource: "*" }],
    carryOut: () => {
      const type = request.query.get("endpointType") ?? "iot:Data";
      if (type !== "iot:Data" && type !== "iot:Data-ATS") {
        throw new AwsError("InvalidRequestException", `The endpoint type ${type} is not imitated`);
      }
      return jsonResponse({ endpointAddress: `localhost:${plane.mqttPort()}` });
    },
  }),
};
