import type { Json } from "#local/wire/json.ts";
import type { EventDetails, EventType } from "../history/history-event.ts";
import { Aborted, type Cancellation } from "./cancellation.ts";
import type { Execution } from "./execution.ts";
import type { Variables } from "./variables.ts";

/** The item that an iteration of a Map works on: `$states.context.Map.Item`. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** One line of states that follow each other: the machine's, a Map's iteration or a Parallel's branch. */
export class Branch {
  readonly execution: Execution;
  readonly variables: Variables;
  readonly cancellation: Cancellation;
  readonly mapItem: MapItem | undefined;
  /** The event that the next one follows. */
  previousEventId: number;

  constructor(options: {
    readonly execution: Execution;
    readonly variables: Variables;
    readonly cancellation: Cancellation;
    readonly previousEventId: number;
    readonly mapItem?: MapItem | undefined;
  }) {
    this.execution = options.execution;
    this.variables = options.variables;
    this.cancellation = options.cancellation;
    this.previousEventId = options.previousEventId;
    this.mapItem = options.mapItem;
  }

  /** Records what happened, unless the branch was ended meanwhile: then nothing more happens in it. */
  record(type: EventType, details?: () => EventDetails): number {
    this.cancellation.throwIfAborted();
    this.execution.requireRoom();
    return this.recordEnd(type, details);
  }

  /** Records how the branch was ended, also when that was from outside. */
  recordEnd(type: EventType, details?: () => EventDetails): number {
    this.previousEventId = this.execution.record(type, this.previousEventId, details);
    return this.previousEventId;
  }

  /** Waits on the execution's clock. Rejects with Aborted as soon as the branch is ended. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const disarm = this.execution.engine.clock.alarm(delayMs, () => {
        ignore();
        resolve();
      });
      const ignore = this.cancellation.onAbort(() => {
        disarm();
        reject(new Aborted("The wait was ended."));
      });
    });
  }

  /**
   * Waits for something outside of the execution, at most `timeoutMs`; then, or when the branch is ended, its outcome is
   * of no interest any more.
   */
  outside<T>(
    outcome: Promise<T>,
    timeoutMs: number | undefined,
    onTimeout: () => Error,
  ): Promise<T> {
    const { clock } = this.execution.engine;
    const done = clock.busy();
    return new Promise<T>((resolve, reject) => {
      let disarm = (): void => {};
      let ignore = (): void => {};
      const settle = (): void => {
        disarm();
        ignore();
        done();
      };
      if (timeoutMs !== undefined) {
        disarm = clock.alarm(timeoutMs, () => {
          settle();
          reject(onTimeout());
        });
      }
      ignore = this.cancellation.onAbort(() => {
        settle();
        reject(new Aborted("The task was ended."));
      });
      outcome.then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
