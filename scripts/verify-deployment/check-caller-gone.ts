import { type Check, NOTHING_TO_CHECK } from "./check.ts";
import { fault, well } from "./finding.ts";
import { runLampScene } from "./run-lamp-scene.ts";

/**
 * A run goes on when the call that waited for it is ended: home stops waiting after `wait_s`, and the execution behind its
 * StartSyncExecution has its outcome recorded all the same. AWS's pages do not say so.
 */
export const checkCallerGone: Check = {
  name: "caller gone",
  needs: ["scene", "last will"],
  look: async (visit) => {
    // The lamp is cut off, so that its window of seconds outlasts this.
    const ran = await runLampScene(visit, { wait_s: 1 });
    visit.unanswered = ran;
    if (ran.result === "running") {
      return fault(
        "EndedWithItsCaller",
        `The run ${ran.run} was waited for a second, and two minutes later it has no outcome: its execution ended with the call that had started it.`,
        "Look for the execution's end in the workflow's log. If none is there, home must start every run with StartExecution, as it does for wait_s 0, and look for the end in the audit.",
      );
    }
    if (!ran.wasLeft) {
      return {
        code: NOTHING_TO_CHECK,
        summary: `Not tried: the run ${ran.run} was over before its caller went.`,
      };
    }
    return well(`${ran.run} came to its end (${ran.result}) after its caller had gone.`);
  },
};
