import {
  type Continuity,
  continuityOf,
  type Head,
  type SeenHead,
} from "../../model/verify-proofs.ts";
import "../../model/jitless.ts";
import * as z from "zod";

const seenHead = z.object({
  origin: z.string(),
  key: z.string(),
  entries: z.number(),
  root: z.string(),
  at: z.string(),
});

const nameOf = (head: Head): string => `head ${head.origin}`;

/**
 * How a head stands to the one that this browser remembers of its log. A head that does not go on from that is not
 * remembered in its place.
 */
export const compareWithKnown = (head: Head): Continuity => {
  const stored = localStorage.getItem(nameOf(head));
  const seen = stored === null ? undefined : seenHead.safeParse(JSON.parse(stored)).data;
  const continuity = continuityOf(head, seen);
  if (continuity.is === "first" || continuity.is === "goes_on") {
    const now: SeenHead = { ...head, at: new Date().toISOString() };
    localStorage.setItem(nameOf(head), JSON.stringify(now));
  }
  return continuity;
};
