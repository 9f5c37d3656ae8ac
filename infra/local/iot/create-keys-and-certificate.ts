// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateKeysAndCertificate.html
import type { ControlPlane } from "./control-plane.ts";
import { jsonResponse, type Operation } from "./operation.ts";
import { certificateArn, queryFlag } from "./principal.ts";

/** Makes a 2048-bit RSA key pair and a certificate for it. The private key is in the answer and kept nowhere. */
export const createKeysAndCertificate = (plane: ControlPlane): Operation => ({
  name: "CreateKeysAndCertificate",
  method: "POST",
  path: "/keys-and-certificate",
  permissions: () => [{ action: "iot:CreateKeysAndCertificate", resource: "*" }],
  handle: async (_parameters, request) => {
    const status = queryFlag(request, "setAsActive") ? "ACTIVE" : "INACTIVE";
    const authority = await plane.authority();
    const { id, pem, publicKeyPem, privateKeyPem } = await authority.certifyNewKeys();
    plane.certificates.create({ id, pem, status, createdMs: plane.nowMs() });
    await plane.settled();
    return jsonResponse({
      certificateArn: certificateArn(plane, id),
      certificateId: id,
      certificatePem: pem,
      keyPair: { PublicKey: publicKeyPem, PrivateKey: privateKeyPem },
    });
  },
});
