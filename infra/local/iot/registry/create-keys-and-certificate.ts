// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateKeysAndCertificate.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { registerCertificate, wantedStatus } from "./register-certificate.ts";

/** Makes a 2048-bit RSA key pair and a certificate for it. The private key is in the answer and kept nowhere. */
export const createKeysAndCertificate: ControlPlaneOperation = {
  name: "CreateKeysAndCertificate",
  method: "POST",
  path: "/keys-and-certificate",
  understand: ({ request }, plane) => ({
    permissions: [{ action: "iot:CreateKeysAndCertificate", resource: "*" }],
    carryOut: async () => {
      const status = wantedStatus(request);
      const authority = await plane.authority();
      const issued = await authority.certifyNewKeys();
      return jsonResponse({
        ...(await registerCertificate(plane, issued, status)),
        keyPair: { PublicKey: issued.publicKeyPem, PrivateKey: issued.privateKeyPem },
      });
    },
  }),
};
