// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { SESSION_EXPIRY_SECONDS } from "../broker/mqtt-sessions.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/** Whether a client is connected, since when, and for 30 minutes why it is not any more. */
export const getConnection: DataPlaneOperation = {
  name: "GetConnection",
  method: "GET",
  path: "/connections/{clientId}",
  understand: ({ request, parameters }, { arn, broker }) => {
    const clientId = parameters("clientId");
    return {
      permissions: [{ action: "iot:GetConnection", resource: arn(`client/${clientId}`) }],
      carryOut: () => {
        if (broker.connection === undefined) {
          throw notEmulated("IoT data plane with an external broker", "GetConnection");
        }
        const connection = broker.connection(clientId);
        if (connection === undefined) {
          throw new AwsError("ResourceNotFoundException", `No connection of client: ${clientId}`, {
            status: 404,
          });
        }
        const { ended } = connection;
        return jsonResponse({
          clientId,
          connected: ended === undefined,
          cleanSession: connection.cleanSession,
          keepAliveDuration: connection.keepAliveSeconds,
          sessionExpiry: connection.cleanSession ? 0 : SESSION_EXPIRY_SECONDS,
          ...(ended === undefined
            ? { connectedSince: connection.connectedSinceMs }
            : { disconnectedSince: ended.atMs, disconnectReason: ended.reason }),
          ...(request.query.get("includeSocketInformation") === "true"
            ? {
                sourceIp: connection.sourceIp,
                sourcePort: connection.sourcePort,
                targetIp: connection.targetIp,
                targetPort: connection.targetPort,
              }
            : {}),
        });
      },
    };
  },
};
