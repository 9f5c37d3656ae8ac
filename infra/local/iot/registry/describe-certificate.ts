// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeCertificate.html
import { X509Certificate } from "node:crypto";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { certificateArn, certificateIdOf, certificateOf } from "./principal.ts";

/** A certificate with its status and dates. */
export const describeCertificate = (plane: ControlPlane): Operation => ({
  name: "DescribeCertificate",
  method: "GET",
  path: "/certificates/{certificateId}",
  permissions: (parameters) => [
    {
      action: "iot:DescribeCertificate",
      resource: certificateArn(plane, certificateIdOf(parameters)),
    },
  ],
  handle: async (parameters) => {
    const { id, pem, status, createdMs, modifiedMs } = certificateOf(plane, parameters);
    const { validFrom, validTo } = new X509Certificate(pem);
    return jsonResponse({
      certificateDescription: {
        certificateArn: certificateArn(plane, id),
        certificateId: id,
        certificatePem: pem,
        status,
        certificateMode: "DEFAULT",
        creationDate: createdMs / 1000,
        lastModifiedDate: modifiedMs / 1000,
        validity: {
          notBefore: Date.parse(validFrom) / 1000,
          notAfter: Date.parse(validTo) / 1000,
        },
      },
    });
  },
});
