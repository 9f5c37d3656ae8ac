// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteCertificate.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryFlag } from "../messages/query.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { certificateArn, certificateIdOf, registeredCertificate } from "./principal.ts";

/** Deletes a certificate that is not active and that nothing is attached to; `forceDelete` detaches its policies. */
export const deleteCertificate: ControlPlaneOperation = {
  name: "DeleteCertificate",
  method: "DELETE",
  path: "/certificates/{certificateId}",
  understand: ({ request, parameters }, plane) => {
    const id = certificateIdOf(parameters);
    return {
      permissions: [{ action: "iot:DeleteCertificate", resource: certificateArn(plane, id) }],
      carryOut: async () => {
        const { certificates } = plane;
        if (registeredCertificate(plane, id).status === "ACTIVE") {
          throw new AwsError(
            "CertificateStateException",
            `Certificate must be deactivated (not ACTIVE) before deletion. certificateId=${id}`,
            { status: 406 },
          );
        }
        const conflict = (what: string): AwsError =>
          new AwsError("DeleteConflictException", `${what} (certificateId=${id})`, { status: 409 });
        if (certificates.things.of(id).length > 0) {
          throw conflict("Things must be detached before deletion");
        }
        const policies = certificates.policies.of(id);
        if (policies.length > 0 && !queryFlag(request, "forceDelete")) {
          throw conflict("Certificate policies must be detached before deletion");
        }
        for (const policy of policies) certificates.policies.detach(id, policy);
        certificates.remove(id);
        await plane.settled();
        return jsonResponse({});
      },
    };
  },
};
