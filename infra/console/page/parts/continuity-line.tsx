import type { Continuity } from "../../model/verify-proofs.ts";
import { say } from "../session/settings.ts";
import { Moment } from "./moment.tsx";

/** How the log's head stands to what this browser saw before. */
export const ContinuityLine = ({ continuity }: { readonly continuity: Continuity }) => {
  switch (continuity.is) {
    case "first":
      return <span>{say("proof.first")}</span>;
    case "goes_on":
      return (
        <span>
          {say("proof.goes_on", { n: continuity.seenEntries })} <Moment at={continuity.seenAt} />
        </span>
      );
    case "other_key":
      return <strong class="bad-text">{say("proof.other_key")}</strong>;
    case "shrunk":
      return <strong class="bad-text">{say("proof.shrunk", { n: continuity.seenEntries })}</strong>;
    case "rewritten":
      return (
        <strong class="bad-text">{say("proof.rewritten", { n: continuity.seenEntries })}</strong>
      );
  }
};
