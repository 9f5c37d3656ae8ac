import type { Way } from "./kinds/way.ts";
import type { ZwaveNode } from "./server/node.ts";
import type { Members } from "./server/server-messages.ts";

// What the Get of a command class calls otherwise than the value that is made of its Report.
const AS_IN_REPORT: Readonly<Record<string, string>> = {
  setpoint: "value",
  currentColor: "currentValue",
};

/** The answers to a way's questions as far as the driver holds them: good for noticing a change, and evidence of nothing. */
export const knownAnswers = (
  node: ZwaveNode,
  endpoint: number,
  way: Way,
): readonly (Members | undefined)[] =>
  way.questions.map(({ commandClass, args: [key] }) =>
    Object.fromEntries(
      [...node.values.values()]
        .filter(
          (value) =>
            value.commandClass === commandClass &&
            value.endpoint === endpoint &&
            value.propertyKey === (key === undefined ? undefined : String(key)),
        )
        .map(({ property, value }) => [AS_IN_REPORT[property] ?? property, value]),
    ),
  );
