import { setTimeout as pause } from "node:timers/promises";
import {
  CertificateStatus,
  DeleteCertificateCommand,
  DeleteConflictException,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListAttachedPoliciesCommand,
  ListPrincipalThingsCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import { Problem } from "../command/problem.ts";
import type { Registry } from "./registry.ts";

// "It might take several seconds for the detachment to propagate": until then nothing lets the certificate go.
// (https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html)
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

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
  await deleteDetached({ iot }, certificateId);
};

const deleteDetached = async (
  { iot }: Pick<Registry, "iot">,
  certificateId: string,
): Promise<void> => {
  const lastMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await iot.send(new DeleteCertificateCommand({ certificateId }));
      return;
    } catch (error) {
      if (!(error instanceof DeleteConflictException)) throw error;
      if (performance.now() > lastMs) {
        throw new Problem(
          `The certificate ${certificateId} lets nobody in any more, and is still attached after a minute. Delete it later: aws iot delete-certificate --certificate-id ${certificateId}`,
          { cause: error },
        );
      }
    }
    await pause(PAUSE_MS);
  }
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
  else await detach(registry, thingName, principal);
};

// Waits until it is to be seen: a thing that a certificate is attached to cannot be deleted.
const detach = async (
  { iot }: Pick<Registry, "iot">,
  thingName: string,
  principal: string,
): Promise<void> => {
  await iot.send(new DetachThingPrincipalCommand({ thingName, principal }));
  const lastMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const { things = [] } = await iot.send(new ListPrincipalThingsCommand({ principal }));
    if (!things.includes(thingName)) return;
    if (performance.now() > lastMs) {
      throw new Problem(
        `${principal} is still attached to ${thingName} a minute after it was detached. Run the command again later.`,
      );
    }
    await pause(PAUSE_MS);
  }
};
