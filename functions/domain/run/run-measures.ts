import type { Measure } from "#domain/measures.ts";
import { commandId } from "./command.ts";
import type { DeviceOutcome, ShadowView } from "./outcome.ts";
import { type Plan, plannedCommands } from "./plan.ts";
import { isAsAsked, type RunEnd } from "./run-result.ts";

/** What is counted of a run when it is concluded. */
export const runMeasures = ({
  run,
  plan,
  result,
  outcomes,
  shadows,
}: {
  readonly run: string;
  readonly plan: Plan;
  readonly result: RunEnd;
  readonly outcomes: readonly DeviceOutcome[];
  /** By thing, as they were found, for devices that did not acknowledge. */
  readonly shadows: Readonly<Record<string, ShadowView>>;
}): readonly Measure[] => {
  const commands = plannedCommands(plan);
  const count = (name: Measure["name"], value: number): Measure => ({
    name,
    value,
    unit: "Count",
  });
  return [
    { ...count("Runs", 1), by: { outcome: result } },
    ...outcomes.flatMap(({ device, stage, outcome, askedAtMs, acknowledgedAtMs }): Measure[] => {
      if (askedAtMs === undefined || acknowledgedAtMs === undefined || !isAsAsked(outcome)) {
        return [];
      }
      const asked = commands.find(
        (one) => one.stage.index === stage && one.command.device === device,
      );
      if (asked === undefined) return [];
      return [
        {
          name: "AcknowledgementLatency",
          // Two machines' clocks: a device's answer may seem to come before its command.
          value: Math.max(0, acknowledgedAtMs - askedAtMs),
          unit: "Milliseconds",
          by: { kind: asked.command.kind },
        },
      ];
    }),
    count(
      "LateAcknowledgements",
      outcomes.filter(({ outcome }) => outcome === "confirmed_late").length,
    ),
    count(
      "CommandsWithdrawn",
      commands.filter(({ stage, command }) => {
        const shadow = Object.hasOwn(shadows, command.thing) ? shadows[command.thing] : undefined;
        const id = commandId(run, stage.index);
        return shadow?.desiredCommandId === id && shadow.reportedCommandId !== id;
      }).length,
    ),
    count(
      "NotWithdrawn",
      Object.values(shadows).filter(({ isNotWithdrawn }) => isNotWithdrawn === true).length,
    ),
  ];
};
