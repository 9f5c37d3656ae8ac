import type { Check } from "./check.ts";
import { fault, well } from "./finding.ts";
import { readShadow } from "./shadow.ts";
import { made } from "./visit.ts";

/** A lamp that is not there is told of, and its command does not wait for it. */
export const checkWithdrawal: Check = {
  name: "withdrawal",
  needs: ["caller gone"],
  look: async (visit) => {
    const { result, outcome, reason } = made(visit.unanswered, "run that the lamp did not answer");
    if (result === "done") {
      return fault(
        "ConfirmedByNobody",
        "A lamp that is cut off was reported as done.",
        "Read the run's records: whose acknowledgement was taken for the lamp's?",
      );
    }
    const { desired } = await readShadow(visit);
    if (desired.command !== undefined || reason === "NOT_WITHDRAWN") {
      return fault(
        "CommandLeftStanding",
        `The run ended (${outcome}${reason === "" ? "" : `, ${reason}`}) and its command still stands in the shadow: conclude-run could not take it back.`,
        'The grants "conclude-run may read shadows" and "conclude-run may update shadows"; its log names the error.',
      );
    }
    return well(
      `The lamp is ${outcome.replaceAll("_", " ")}, and its command was taken back out of its shadow.`,
    );
  },
};
