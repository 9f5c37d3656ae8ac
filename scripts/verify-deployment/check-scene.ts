import type { Check } from "./check.ts";
import { type Finding, fault, well } from "./finding.ts";
import { runLampScene } from "./run-lamp-scene.ts";
import type { LampRun } from "./visit.ts";

/** The scene of the one lamp is done, by the lamp's own acknowledgement. */
export const checkScene: Check = {
  name: "scene",
  needs: ["mcp session", "certificate over mqtt"],
  look: async (visit) => {
    const ran = await runLampScene(visit);
    visit.run = ran.run;
    if (ran.result === "done") return well(`${ran.say} (${ran.run})`);
    return notDone(ran);
  },
};

/** What is wrong where a lamp that is there was not confirmed. */
const notDone = ({ run, say, outcome, reason }: LampRun): Finding => {
  if (outcome === "not_sent") {
    return fault(
      "NotSent",
      `The command could not be published (${reason}): publish-commands may not, or cannot reach IoT's data endpoint.`,
      'Its role needs iot:Publish on shadow updates (the grant "publish-commands may publish").',
    );
  }
  if (reason === "NOT_RECORDED") {
    return fault(
      "AcknowledgementLost",
      "The lamp did what it was asked and its shadow says so, but no acknowledgement came into the audit: the rule record_acknowledgement did not select the message, or could not write.",
      "Look at the rules' error log (TopicRulesErrors); compare the rule's SQL, its version and its role.",
    );
  }
  if (outcome === "timed_out" || outcome === "offline") {
    return fault(
      "CommandLost",
      `The command was published and the connected lamp did not answer (${outcome}): no delta reached it, or its answer did not reach its shadow.`,
      "The device policy must let the thing subscribe to and receive its shadow's update/delta and get/accepted, and publish to get and update.",
    );
  }
  return fault("RunNotDone", `${say} (${run})`, `npm run audit -- ${run} tells what happened.`);
};
