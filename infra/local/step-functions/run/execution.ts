import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { Json } from "#local/wire/json.ts";
import type { ExpressionWorkers } from "../expressions/expression-workers.ts";
import type { EventDetails, EventSink, EventType } from "../history/history-event.ts";
import type { TaskRunner } from "../tasks/task-runner.ts";
import { StateFailure } from "../values/state-failure.ts";
import { Cancellation } from "./cancellation.ts";
import type { Clock } from "./clock.ts";
import type { Probe } from "./probe.ts";

/** What all executions of a service share. */
export interface Engine {
  readonly clock: Clock;
  readonly workers: ExpressionWorkers;
  readonly runTask: TaskRunner;
  /** Credentials of a role, after its trust policy was asked. */
  readonly access: (roleArn: string) => AwsAccess;
  readonly region: string;
  /** Aborted when the service is closed, and every execution with it. */
  readonly ending: Cancellation;
}

/** What the context object says of the execution and its machine: `$states.context`. */
export interface ExecutionIdentity {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly startedAtMs: number;
  readonly input: Json;
}

// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 25,000 events, for Standard only.
const MAX_EVENTS = 25_000;
// A loop of states that never wait would starve everybody else in the process.
const STATES_PER_TURN = 128;

/** One running execution: its events, its time, and the way to end it. */
export class Execution {
  readonly identity: ExecutionIdentity;
  readonly engine: Engine;
  /** Present when a single state is tested. */
  readonly probe: Probe | undefined;
  readonly cancellation: Cancellation;
  readonly #sinks: readonly EventSink[];
  readonly #boundsEvents: boolean;
  #lastEventId = 0;
  #states = 0;

  constructor(options: {
    readonly identity: ExecutionIdentity;
    readonly engine: Engine;
    readonly sinks: readonly EventSink[];
    /** Standard executions end with their 25,000th event. */
    readonly boundsEvents: boolean;
    readonly probe?: Probe;
  }) {
    this.probe = options.probe;
    this.identity = options.identity;
    this.engine = options.engine;
    this.cancellation = new Cancellation(options.engine.ending);
    this.#sinks = options.sinks;
    this.#boundsEvents = options.boundsEvents;
  }

  /** Records an event and answers its id. Details are asked for only where somebody takes them. */
  record(type: EventType, previousEventId: number, details?: () => EventDetails): number {
    this.#lastEventId += 1;
    const id = this.#lastEventId;
    for (const sink of this.#sinks) {
      if (!sink.wants(type)) continue;
      const atMs = this.engine.clock.nowMs();
      sink.take({ id, previousEventId, atMs, type, details: details?.() });
    }
    return id;
  }

  /**
   * To be called before an event that is not the execution's last.
   * @throws StateFailure when only the last event has room
   */
  requireRoom(): void {
    if (!this.#boundsEvents || this.#lastEventId < MAX_EVENTS - 1) return;
    throw new StateFailure(
      "States.Runtime",
      `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
    );
  }

  /** To be called before each state: lets the rest of the process have its turn now and then. */
  async beforeState(): Promise<void> {
    this.#states += 1;
    if (this.#states % STATES_PER_TURN !== 0) return;
    const done = this.engine.clock.busy();
    await new Promise((resolve) => setImmediate(resolve));
    done();
  }
}
