// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateCertificateFromCsr.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { bodyText } from "./principal.ts";
import { registerCertificate, wantedStatus } from "./register-certificate.ts";

/** Certifies a key whose private half never leaves its owner. The same request again gives another certificate. */
export const createCertificateFromCsr: ControlPlaneOperation = {
  name: "CreateCertificateFromCsr",
  method: "POST",
  path: "/certificates",
  understand: ({ request }, plane) => ({
    permissions: [{ action: "iot:CreateCertificateFromCsr", resource: "*" }],
    carryOut: async () => {
      const status = wantedStatus(request);
      const authority = await plane.authority();
      const issued = await authority.certify(bodyText(request, "certificateSigningRequest"));
      if ("fault" in issued) {
        throw new AwsError("InvalidRequestException", `certificateSigningRequest: ${issued.fault}`);
      }
      return jsonResponse(await registerCertificate(plane, issued, status));
    },
  }),
};
