import {
  CertificateStatus,
  DeleteCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListAttachedPoliciesCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import type { Registry } from "./registry.ts";

/** Deactivates a certificate first, so that it lets nobody in from then on, and then detaches and deletes it. */
export const withdrawCertificate = async (
  { iot }: Pick<Registry, "iot">,
  thingName: string,
  certificateArn: string,
): Promise<void> => {
  const certificateId = certificateArn.replace(/^.*\//, "");
  await iot.send(
    new UpdateCertificateCommand({ certificateId, newStatus: CertificateStatus.INACTIVE }),
  );
  await iot.send(new DetachThingPrincipalCommand({ thingName, principal: certificateArn }));
  const { policies = [] } = await iot.send(
    new ListAttachedPoliciesCommand({ target: certificateArn }),
  );
  for (const { policyName } of policies) {
    await iot.send(new DetachPolicyCommand({ policyName, target: certificateArn }));
  }
  await iot.send(new DeleteCertificateCommand({ certificateId }));
};
