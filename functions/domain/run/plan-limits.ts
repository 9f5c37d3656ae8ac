import { MAX_WINDOW_SECONDS } from "#domain/home/device.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, planText } from "./plan.ts";

// Express passes at most 256 KiB from state to state. The plan travels as a text inside the input, and a run's
// conclusion, which holds every device twice, fits as well (test/domain/run/payload-sizes.test.ts).
const MAX_PLAN_BYTES = 62_000;
// Windows may all have to be waited for, one stage after the other, and a run that takes longer than Express lets it
// is cut off without a conclusion.
const MAX_RUN_SECONDS = MAX_WINDOW_SECONDS;
// After 205 s the workflow sends no further stage, so that there is time to conclude (workflows/README.md#the-time-of-a-run).
const MAX_SECONDS_BEFORE_LAST_STAGE = 200;

/**
 * Promises that a run of the plan fits into what an execution may last and pass on.
 * @throws HomeError `PlanTooLarge` above 62 kB, `PlanTooLong` when waiting for silent devices could take more than four minutes, or keep the last stage from being sent
 */
export const requireRunnable = (plan: Plan): void => {
  const longest = plan.stages.map((stage) =>
    Math.max(...stage.commands.map((command) => command.windowSeconds)),
  );
  const seconds = longest.reduce((sum, one) => sum + one, plan.rules?.holdSeconds ?? 0);
  if (seconds > MAX_RUN_SECONDS) {
    throw new HomeError(
      "PlanTooLong",
      `"${plan.scene}" could take ${seconds} s if devices stay silent; a run may take ${MAX_RUN_SECONDS} s. Split the scene or shorten its windows. Nothing was changed.`,
    );
  }
  const before = longest.slice(0, -1).reduce((sum, one) => sum + one, 0);
  if (before > MAX_SECONDS_BEFORE_LAST_STAGE) {
    throw new HomeError(
      "PlanTooLong",
      `The last stage of "${plan.scene}" could come ${before} s after the first if devices stay silent; it must come within ${MAX_SECONDS_BEFORE_LAST_STAGE} s. Split the scene or shorten its windows. Nothing was changed.`,
    );
  }
  // As it travels: a text inside a JSON text.
  if (new TextEncoder().encode(JSON.stringify(planText(plan))).length > MAX_PLAN_BYTES) {
    throw new HomeError(
      "PlanTooLarge",
      `The plan of "${plan.scene}" is larger than ${MAX_PLAN_BYTES} bytes. Split the scene. Nothing was changed.`,
    );
  }
};
