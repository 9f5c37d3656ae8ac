import { ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import { type Definition, machine, type TestAws } from "./support.ts";

/** The optimized integration that calls a function. */
export const LAMBDA = "arn:aws:states:::lambda:invoke";

/** A Pass that ends its group. */
export const pass = (more: Definition = {}): Definition => ({ Type: "Pass", End: true, ...more });

/** A machine whose only state gives what an expression gives. */
export const output = (expression: string): Definition =>
  machine({ E: pass({ Output: { v: `{% ${expression} %}` } }) });

/** A machine of one Task. */
export const task = (resource: string, more: Definition = {}): Definition =>
  machine({ T: { Type: "Task", Resource: resource, End: true, ...more } });

/** What ValidateStateMachineDefinition finds, each as CreateStateMachine would write it. */
export const problemsIn =
  (aws: () => TestAws) =>
  async (
    definition: Definition | string,
    type: "STANDARD" | "EXPRESS" = "STANDARD",
  ): Promise<readonly string[]> => {
    const { diagnostics } = await aws().client.send(
      new ValidateStateMachineDefinitionCommand({
        definition: typeof definition === "string" ? definition : JSON.stringify(definition),
        type,
      }),
    );
    return (diagnostics ?? []).map(
      ({ code, message, location }) => `${code}: ${message} at ${location ?? "null"}`,
    );
  };
