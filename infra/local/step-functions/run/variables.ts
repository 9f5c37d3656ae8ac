// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
import type { Json } from "#local/wire/json.ts";
import { isLargerThan, MAX_PAYLOAD_BYTES } from "../values/payload-size.ts";
import { StateFailure } from "../values/state-failure.ts";

const MAX_EXECUTION_BYTES = 10 * 1024 * 1024;

/** The variables of one group of states. A Map's iteration and a Parallel's branch read the outer ones, and set only their own. */
export class Variables {
  readonly #values = new Map<string, Json>();
  readonly #outer: Variables | undefined;

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  get(name: string): Json | undefined {
    const value = this.#values.get(name);
    return value === undefined ? this.#outer?.get(name) : value;
  }

  /**
   * Sets all variables of one Assign at once.
   * @throws StateFailure `States.DataLimitExceeded` over 256 KiB in one Assign, or 10 MiB in all.
   */
  assign(values: Readonly<Record<string, Json>>, stateName: string): void {
    if (isLargerThan(values, MAX_PAYLOAD_BYTES)) {
      throw new StateFailure(
        "States.DataLimitExceeded",
        `The variables assigned by the state '${stateName}' exceed the maximum number of bytes service limit.`,
      );
    }
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
    // One variable is at most 256 KiB, so that fewer than 40 of them cannot be over 10 MiB.
    if (this.#count() < 40) return;
    if (isLargerThan(this.#everything(), MAX_EXECUTION_BYTES)) {
      throw new StateFailure(
        "States.DataLimitExceeded",
        `The variables of the execution exceed the maximum number of bytes service limit.`,
      );
    }
  }

  /** All variables that can be read from here. */
  all(): Readonly<Record<string, Json>> {
    return this.#everything();
  }

  #count(): number {
    return this.#values.size + (this.#outer === undefined ? 0 : this.#outer.#count());
  }

  #everything(): Readonly<Record<string, Json>> {
    return {
      ...(this.#outer === undefined ? {} : this.#outer.#everything()),
      ...Object.fromEntries(this.#values),
    };
  }
}
