// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateCertificateFromCsr.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { bodyText } from "./principal.ts";
import { registerCertificate, wantedStatus } from "./register-certificate.ts";

/** Certifies a key whose private half never leaves its owner. The same request again gives another certificate. */
export const createCertificateFromCsr = (plane: ControlPlane): Operation => ({
  name: "CreateCertificateFromCsr",
  method: "POST",
  path: "/certificates",
  permissions: () => [{ action: "iot:CreateCertificateFromCsr", resource: "*" }],
  handle: async (_parameters, request) => {
    const status = wantedStatus(request);
    const authority = await plane.authority();
    const issued = await authority.certify(bodyText(request, "certificateSigningRequest"));
    if ("fault" in issued) {
      throw new AwsError("InvalidRequestException", `certificateSigningRequest: ${issued.fault}`);
    }
    return jsonResponse(await registerCertificate(plane, issued, status));
  },
});
