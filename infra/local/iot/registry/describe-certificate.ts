// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeCertificate.html
import { X509Certificate } from "node:crypto";
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { certificateArn, certificateIdOf, registeredCertificate } from "./principal.ts";

/** A certificate with its status and dates. */
export const describeCertificate: ControlPlaneOperation = {
  name: "DescribeCertificate",
  method: "GET",
  path: "/certificates/{certificateId}",
  understand: ({ parameters }, plane) => {
    const id = certificateIdOf(parameters);
    const arn = certificateArn(plane, id);
    return {
      permissions: [{ action: "iot:DescribeCertificate", resource: arn }],
      carryOut: () => {
        const { pem, status, createdMs, modifiedMs } = registeredCertificate(plane, id);
        const { validFrom, validTo } = new X509Certificate(pem);
        return jsonResponse({
          certificateDescription: {
            certificateArn: arn,
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
    };
  },
};
