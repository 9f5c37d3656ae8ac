import type { Json } from "#local/wire/json.ts";
import type { Assign, State, StateGroup } from "../compile/asl.ts";
import { combined, filtered, type PathFields } from "../compile/path-fields.ts";
import { type Evaluation, evaluateTemplate, type Template } from "../compile/template.ts";
import type { EventType } from "../history/history-event.ts";
import { isTooLarge } from "../values/payload-size.ts";
import { dataLimitExceeded } from "../values/state-failure.ts";
import type { Branch } from "./branch.ts";
import { contextObject } from "./context-object.ts";
import type { Finding } from "./probe.ts";

/** Where an execution goes after a state: with which output, and to which state. Absent `next`: the branch is at its end. */
export interface Transition {
  readonly output: Json;
  readonly next?: string | undefined;
}

/** Runs a group of states from its first to an end. Map and Parallel are given it, since it runs them too. */
export type GroupRunner = (group: StateGroup, branch: Branch, input: Json) => Promise<Json>;

/** What a state's expressions see beyond its input. */
interface Seen {
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** The fields that say how a state is left. */
export interface Leaving {
  readonly assign?: Assign | undefined;
  readonly output?: Template | undefined;
  readonly path?: PathFields | undefined;
}

/** One visit of a branch to a state: what was given to it, and how its fields are evaluated. */
export class Visit {
  readonly branch: Branch;
  readonly stateName: string;
  readonly input: Json;
  readonly enteredEventId: number;
  /** The event before the state was entered; recorded failures of fields follow that one. */
  readonly eventIdBefore: number;
  retryCount: number | undefined;
  readonly #path: PathFields | undefined;
  readonly #enteredAtMs: number;

  constructor(branch: Branch, state: State, input: Json) {
    this.branch = branch;
    this.stateName = state.name;
    this.input = input;
    this.#path = state.path;
    this.eventIdBefore = branch.previousEventId;
    this.#enteredAtMs = branch.execution.engine.clock.nowMs();
    this.enteredEventId = branch.record(`${state.type}StateEntered`, () => ({
      name: state.name,
      input,
    }));
  }

  /** What an expression in this state sees. An ItemSelector sees the item of the iteration's branch. */
  evaluation(seen: Seen = {}, branch: Branch = this.branch): Evaluation {
    return {
      ...seen,
      input: this.input,
      context: () =>
        branch.execution.probe?.context ??
        contextObject(branch, {
          name: this.stateName,
          enteredAtMs: this.#enteredAtMs,
          ...(this.retryCount === undefined ? {} : { retryCount: this.retryCount }),
        }),
      variable: (name) => this.branch.variables.get(name),
      stateName: this.stateName,
      enteredEventId: this.enteredEventId,
      workers: this.branch.execution.engine.workers,
    };
  }

  /** What the state works on: its input, or what InputPath leaves of it. */
  effectiveInput(): Json {
    if (this.#path === undefined) return this.input;
    return filtered(this.#path.inputPath, "InputPath", this.input, this.evaluation());
  }

  /** Notes what TestState shows. */
  note(finding: Finding, value: Json | undefined): void {
    if (value !== undefined) this.branch.execution.probe?.findings.set(finding, value);
  }

  /** Evaluates a field, or answers `otherwise` where the state does not have it. */
  evaluate(template: Template | undefined, otherwise: Json, seen?: Seen): Promise<Json> | Json {
    if (template === undefined) return otherwise;
    if (template.kind === "constant") return template.value;
    const at = this.evaluation(seen);
    if (this.#path === undefined) return evaluateTemplate(template, at);
    const pathInput = seen?.result ?? this.effectiveInput();
    return evaluateTemplate(template, { ...at, pathInput });
  }

  /**
   * Leaves the state: Assign and Output are both evaluated with the values on entry, then the variables are set.
   */
  async exit(exited: EventType, fields: Leaving, result: Json, seen?: Seen): Promise<Json> {
    const selected = await this.evaluate(fields.path?.resultSelector, result, seen);
    const visible = fields.path === undefined ? seen : { ...seen, result: selected };
    const assigned = await this.#evaluateAssign(fields.assign, visible);
    const output =
      fields.path === undefined
        ? await this.evaluate(fields.output, result, seen)
        : this.#pathOutput(fields.path, selected);
    if (output !== this.input && isTooLarge(output)) throw dataLimitExceeded(this.stateName);
    this.branch.cancellation.throwIfAborted();
    if (assigned !== undefined) this.branch.variables.assign(assigned, this.stateName);
    this.branch.record(exited, () => ({
      name: this.stateName,
      output,
      ...(assigned === undefined ? {} : { assignedVariables: assigned }),
    }));
    return output;
  }

  #pathOutput(path: PathFields, result: Json): Json {
    const merged = combined(path.resultPath, this.input, result);
    return filtered(path.outputPath, "OutputPath", merged, this.evaluation());
  }

  async #evaluateAssign(
    assign: Assign | undefined,
    seen: Seen | undefined,
  ): Promise<Readonly<Record<string, Json>> | undefined> {
    if (assign === undefined) return undefined;
    const values: Record<string, Json> = {};
    for (const [name, template] of assign) values[name] = await this.evaluate(template, null, seen);
    return values;
  }
}
