// https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCertificate.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { certificateArn, certificateIdOf, registeredCertificate } from "./principal.ts";

/** Activates, deactivates or revokes a certificate. Who is connected with one that is not active any more is disconnected, here at once. */
export const updateCertificate: ControlPlaneOperation = {
  name: "UpdateCertificate",
  method: "PUT",
  path: "/certificates/{certificateId}",
  understand: ({ request, parameters }, plane) => {
    const id = certificateIdOf(parameters);
    return {
      permissions: [{ action: "iot:UpdateCertificate", resource: certificateArn(plane, id) }],
      carryOut: async () => {
        registeredCertificate(plane, id);
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
    };
  },
};
