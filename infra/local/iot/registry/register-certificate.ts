import type { AwsRequest } from "#local/wire/aws-service.ts";
import type { IssuedCertificate } from "../authority/certificate-authority.ts";
import { queryFlag } from "../messages/query.ts";
import type { CertificateStatus } from "./certificate-table.ts";
import type { ControlPlane } from "./control-plane.ts";
import { certificateArn } from "./principal.ts";

/** The status that a new certificate is asked to have. @throws AwsError `InvalidRequestException` */
export const wantedStatus = (request: AwsRequest): CertificateStatus =>
  queryFlag(request, "setAsActive") ? "ACTIVE" : "INACTIVE";

/** Puts a certificate that was issued into the registry; resolves, on disk, with what both operations answer. */
export const registerCertificate = async (
  plane: ControlPlane,
  { id, pem }: IssuedCertificate,
  status: CertificateStatus,
): Promise<Readonly<Record<string, string>>> => {
  plane.certificates.create({ id, pem, status, createdMs: plane.nowMs() });
  await plane.settled();
  return { certificateArn: certificateArn(plane, id), certificateId: id, certificatePem: pem };
};
