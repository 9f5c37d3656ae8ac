// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateKeysAndCertificate.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { registerCertificate, wantedStatus } from "./register-certificate.ts";

/** Makes a 2048-bit RSA key pair and a certificate for it. The private key is in the answer and kept nowhere. */
export const createKeysAndCertificate = (plane: ControlPlane): Operation => ({
  name: "CreateKeysAndCertificate",
  method: "POST",
  path: "/keys-and-certificate",
  permissions: () => [{ action: "iot:CreateKeysAndCertificate", resource: "*" }],
  handle: async (_parameters, request) => {
    const status = wantedStatus(request);
    const authority = await plane.authority();
    const issued = await authority.certifyNewKeys();
    return jsonResponse({
      ...(await registerCertificate(plane, issued, status)),
      keyPair: { PublicKey: issued.publicKeyPem, PrivateKey: issued.privateKeyPem },
    });
  },
});
