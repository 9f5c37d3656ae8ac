import {
  CertificateStatus,
  DeleteCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListAttachedPoliciesCommand,
  ListPrincipalThingsCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import type { Registry } from "./registry.ts";

/**
 * Deactivates a certificate first, so that it lets nobody in from then on, and then detaches it, of the thing where it
 * stands for one, and deletes it.
 */
export const withdrawCertificate = async (
  { iot }: Pick<Registry, "iot">,
  thingName: string | undefined,
  certificateArn: string,
): Promise<void> => {
  const certificateId = certificateArn.replace(/^.*\//, "");
  await iot.send(
    new UpdateCertificateCommand({ certificateId, newStatus: CertificateStatus.INACTIVE }),
  );
  if (thingName !== undefined) {
    await iot.send(new DetachThingPrincipalCommand({ thingName, principal: certificateArn }));
  }
  const { policies = [] } = await iot.send(
    new ListAttachedPoliciesCommand({ target: certificateArn }),
  );
  for (const { policyName } of policies) {
    await iot.send(new DetachPolicyCommand({ policyName, target: certificateArn }));
  }
  await iot.send(new DeleteCertificateCommand({ certificateId }));
};

/** Takes what lets a thing in off the thing, and withdraws it where it is a certificate that stands for nothing else. */
export const releasePrincipal = async (
  registry: Pick<Registry, "iot">,
  thingName: string,
  principal: string,
): Promise<void> => {
  const { iot } = registry;
  const { things = [] } = await iot.send(new ListPrincipalThingsCommand({ principal }));
  const isItsOwn = principal.includes(":cert/") && things.every((thing) => thing === thingName);
  if (isItsOwn) await withdrawCertificate(registry, thingName, principal);
  else await iot.send(new DetachThingPrincipalCommand({ thingName, principal }));
};
