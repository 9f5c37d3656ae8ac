// https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html: "This call is asynchronous. It might
// take several seconds for the detachment to propagate."
import type { ThingAttachments } from "./certificate-table.ts";

// AWS gives no figure. Long enough that whoever does not wait is found out each time.
const SEEN_AFTER_MS = 3000;

interface Detached {
  readonly certificateId: string;
  readonly thing: string;
  readonly atMs: number;
}

/**
 * The things of certificates as the control plane shows them: one that was detached is there for some seconds more. The
 * detachment itself is on disk at once; a house that ends in between shows it at its next start.
 */
export const slowDetachments = (
  things: ThingAttachments,
  nowMs: () => number,
): ThingAttachments => {
  let unseen: readonly Detached[] = [];

  const lingering = (isMeant: (one: Detached) => boolean): readonly Detached[] => {
    // A clock that was set back makes nothing stay.
    unseen = unseen.filter(({ atMs }) => nowMs() >= atMs && nowMs() < atMs + SEEN_AFTER_MS);
    return unseen.filter(isMeant);
  };
  const together = (there: readonly string[], left: readonly string[]): readonly string[] =>
    [...new Set([...there, ...left])].sort();
  const isAttached = (certificateId: string, thing: string): boolean =>
    things.of(certificateId).includes(thing);

  return {
    ...things,
    detach: (certificateId, thing) => {
      if (isAttached(certificateId, thing)) {
        unseen = [...lingering(() => true), { certificateId, thing, atMs: nowMs() }];
      }
      things.detach(certificateId, thing);
    },
    of: (certificateId) =>
      together(
        things.of(certificateId),
        lingering((one) => one.certificateId === certificateId).map(({ thing }) => thing),
      ),
    certificatesOf: (thing) =>
      together(
        things.certificatesOf(thing),
        lingering((one) => one.thing === thing).map(({ certificateId }) => certificateId),
      ),
  };
};
