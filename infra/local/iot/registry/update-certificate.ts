// https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCertificate.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { certificateArn, certificateIdOf, certificateOf } from "./principal.ts";

/** Activates, deactivates or revokes a certificate. Who is connected with one that is not active any more is disconnected, here at once. */
export const updateCertificate = (plane: ControlPlane): Operation => ({
  name: "UpdateCertificate",
  method: "PUT",
  path: "/certificates/{certificateId}",
  permissions: (parameters) => [
    {
      action: "iot:UpdateCertificate",
      resource: certificateArn(plane, certificateIdOf(parameters)),
    },
  ],
  handle: async (parameters, request) => {
    const { id } = certificateOf(plane, parameters);
    const status = request.query.get("newStatus");
    if (status !== "ACTIVE" && status !== "INACTIVE" && status !== "REVOKED") {
      throw new AwsError(
        "InvalidRequestException",
        "newStatus must be ACTIVE, INACTIVE or REVOKED; the others of AWS are not imitated",
      );
    }
    plane.certificates.setStatus(id, status, plane.nowMs());
    await plane.settled();
    if (status !== "ACTIVE") plane.disconnect(id);
    return jsonResponse({});
  },
});
