// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
import { availableParallelism } from "node:os";
import { AwsError } from "#local/wire/aws-service.ts";
import type { Environment, EnvironmentEvents } from "./environment.ts";
import type { FunctionDescription, Invocation, InvocationResult } from "./function-description.ts";

/** The environments of all functions: as many as there are calls at once, reused while they are warm. */
export interface FunctionPools {
  /**
   * Runs a call.
   * @throws AwsError `TooManyRequestsException` when the function or all functions together run as many as they may.
   */
  invoke(description: FunctionDescription, invocation: Invocation): Promise<InvocationResult>;
  /** Starts a first environment of a function that has none, so that its first call need not wait for one. */
  warm(description: FunctionDescription): void;
  close(): Promise<void>;
}

type Start = (description: FunctionDescription, events: EnvironmentEvents) => Environment;

interface Waiting {
  readonly invocation: Invocation;
  readonly done: (result: InvocationResult) => void;
  readonly fail: (error: AwsError) => void;
}

/** What an environment has been used for. */
interface Use {
  calls: number;
  lastBeganMs: number;
  /** Did nobody wait for its last call? */
  wasEvent: boolean;
}

interface Idle {
  readonly environment: Environment;
  readonly sinceMs: number;
  /** When it is ended, unless it is called before. */
  readonly untilMs: number;
}

interface Pool {
  readonly description: FunctionDescription;
  readonly all: Set<Environment>;
  /** Those that are not ready yet, and since when. */
  readonly starting: Map<Environment, number>;
  /** The one used last comes last, and is taken first. */
  readonly idle: Idle[];
  readonly waiting: Waiting[];
  /** Its first environment is to be started before anybody calls. */
  isToWarm: boolean;
  /** Until when its waiting calls leave it to those that run to get ready. */
  patience: NodeJS.Timeout | undefined;
  /** How long the last start of an environment took. */
  startTookMs: number;
  /** Calls that run or wait. */
  calls: number;
}

// Starting is what costs (about 100 ms of a core); more at once only makes each one slower.
const MAX_STARTING = Math.max(2, availableParallelism());
// Most calls end within this, and a process that need not be started costs neither its start nor 50 MB.
const SHORTEST_PATIENCE_MS = 60;
// Where the machine is busy, a start takes longer and slows the calls that it is to relieve: so a call waits for as long as the
// function's last start took. No longer than this, since what is started serves the calls after it, too.
const LONGEST_PATIENCE_MS = 100;
const IDLE_MS = 5 * 60_000;
// For what nobody waits for a start is no loss, and the sealer and the sweeper are called once in minutes: twenty times as long as such
// a call took is its environment kept. A sealer with much to do, which is quicker the more it knows already, stays.
const KEPT_PER_EVENT = 20;
// What has served many calls holds some 10 MB more than at its start, at rest too, which only a new process gives back.
const MANY_CALLS = 100;
const SWEEP_MS = 2000;

/** Keeps environments by function; `start` makes one. */
export const createFunctionPools = (
  start: Start,
  options: {
    readonly maxEnvironments: number;
    /** Calls that run at once; as many as there may be environments where absent. */
    readonly concurrentExecutions?: number;
    readonly idleMs?: number;
    /** After how long without a call one that has served many is begun anew. */
    readonly restMs: number;
  },
): FunctionPools => {
  const pools = new Map<string, Pool>();
  const uses = new WeakMap<Environment, Use>();
  const idleMs = options.idleMs ?? IDLE_MS;
  const mostCalls = Math.min(
    options.maxEnvironments,
    options.concurrentExecutions ?? options.maxEnvironments,
  );
  let closed = false;

  const poolOf = (description: FunctionDescription): Pool => {
    const known = pools.get(description.name);
    if (known !== undefined) return known;
    const pool: Pool = {
      description,
      all: new Set(),
      starting: new Map(),
      idle: [],
      waiting: [],
      isToWarm: false,
      patience: undefined,
      startTookMs: 0,
      calls: 0,
    };
    pools.set(description.name, pool);
    return pool;
  };

  const total = (count: (pool: Pool) => number): number =>
    [...pools.values()].reduce((sum, pool) => sum + count(pool), 0);

  /** Makes room by ending the environment that has been idle longest. */
  const endIdlest = (): boolean => {
    const oldest = [...pools.values()]
      .filter(({ idle }) => idle.length > 0)
      .sort((a, b) => (a.idle[0]?.sinceMs ?? 0) - (b.idle[0]?.sinceMs ?? 0))[0];
    const entry = oldest?.idle.shift();
    if (oldest === undefined || entry === undefined) return false;
    oldest.all.delete(entry.environment);
    void entry.environment.end();
    return true;
  };

  /** How many environments a pool lacks. */
  const missing = (pool: Pool): number => {
    if (pool.isToWarm) return 1;
    return pool.patience === undefined ? pool.waiting.length - pool.starting.size : 0;
  };

  const startMissing = (pool: Pool): void => {
    while (!closed && missing(pool) > 0 && total(({ starting }) => starting.size) < MAX_STARTING) {
      pool.isToWarm = false;
      if (total(({ all }) => all.size) >= options.maxEnvironments && !endIdlest()) return;
      const environment = start(pool.description, events(pool));
      pool.all.add(environment);
      pool.starting.set(environment, performance.now());
    }
  };

  const startMissingAnywhere = (): void => {
    for (const pool of pools.values()) startMissing(pool);
  };

  const useOf = (environment: Environment): Use => {
    const use = uses.get(environment) ?? { calls: 0, lastBeganMs: 0, wasEvent: false };
    uses.set(environment, use);
    return use;
  };

  const idleNow = (environment: Environment): Idle => {
    const { lastBeganMs, wasEvent } = useOf(environment);
    const sinceMs = performance.now();
    const keptMs = wasEvent ? (sinceMs - lastBeganMs) * KEPT_PER_EVENT : idleMs;
    return { environment, sinceMs, untilMs: sinceMs + Math.min(keptMs, idleMs) };
  };

  const runOn = (pool: Pool, environment: Environment, next: Waiting): void => {
    const use = useOf(environment);
    use.calls += 1;
    use.lastBeganMs = performance.now();
    use.wasEvent = next.invocation.isEvent ?? false;
    environment.run(next.invocation, (result) => {
      pool.calls -= 1;
      next.done(result);
    });
  };

  /** A call for which no environment is idle. One that is busy may be ready for it sooner than a new one. */
  const wait = (pool: Pool, next: Waiting): void => {
    pool.waiting.push(next);
    const isAnyBusy = pool.all.size > pool.starting.size;
    if (isAnyBusy && pool.patience === undefined) {
      pool.patience = setTimeout(
        () => {
          pool.patience = undefined;
          startMissing(pool);
        },
        Math.min(Math.max(SHORTEST_PATIENCE_MS, pool.startTookMs), LONGEST_PATIENCE_MS),
      );
    }
    startMissing(pool);
  };

  const events = (pool: Pool): EnvironmentEvents => ({
    // A call that waits for a new environment takes one that gets free earlier.
    idle: (environment) => {
      const startedAtMs = pool.starting.get(environment);
      if (startedAtMs !== undefined) pool.startTookMs = performance.now() - startedAtMs;
      pool.starting.delete(environment);
      const next = pool.waiting.shift();
      if (next === undefined) pool.idle.push(idleNow(environment));
      else runOn(pool, environment, next);
      startMissingAnywhere();
    },
    ended: (environment, initFailure) => {
      pool.all.delete(environment);
      pool.starting.delete(environment);
      const at = pool.idle.findIndex((entry) => entry.environment === environment);
      if (at >= 0) pool.idle.splice(at, 1);
      if (initFailure !== undefined) {
        // Each failed init fails one call; else the function would be started for ever.
        const next = pool.waiting.shift();
        if (next !== undefined) {
          pool.calls -= 1;
          next.done(initFailure(next.invocation.requestId));
        }
      }
      startMissingAnywhere();
    },
  });

  /** Ends what has been idle for long enough. One that rests after many calls is begun anew, before the next call. */
  const sweep = (pool: Pool): void => {
    const nowMs = performance.now();
    const isWorn = ({ environment, sinceMs }: Idle): boolean =>
      useOf(environment).calls >= MANY_CALLS && nowMs - sinceMs >= options.restMs;
    const over = pool.idle.filter((entry) => entry.untilMs < nowMs || isWorn(entry));
    if (over.length === 0) return;
    pool.idle.splice(0, Infinity, ...pool.idle.filter((entry) => !over.includes(entry)));
    for (const { environment } of over) {
      pool.all.delete(environment);
      void environment.end();
    }
    pool.isToWarm = pool.all.size === 0 && over.some(({ untilMs }) => untilMs >= nowMs);
    startMissing(pool);
  };

  const sweeper = setInterval(
    () => {
      for (const pool of pools.values()) sweep(pool);
    },
    Math.min(SWEEP_MS, idleMs),
  );
  sweeper.unref();

  return {
    invoke: (description, invocation) =>
      new Promise((resolve, reject) => {
        const pool = poolOf(description);
        const reserved = description.reservedConcurrency;
        if (closed) {
          reject(shuttingDown());
          return;
        }
        if (reserved !== undefined && pool.calls >= reserved) {
          reject(throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
          return;
        }
        if (total(({ calls }) => calls) >= mostCalls) {
          reject(throttled("ConcurrentInvocationLimitExceeded"));
          return;
        }
        pool.calls += 1;
        const next: Waiting = { invocation, done: resolve, fail: reject };
        const entry = pool.idle.pop();
        if (entry !== undefined) {
          runOn(pool, entry.environment, next);
          return;
        }
        wait(pool, next);
      }),
    warm: (description) => {
      const pool = poolOf(description);
      pool.isToWarm = pool.all.size === 0;
      startMissing(pool);
    },
    close: async () => {
      closed = true;
      clearInterval(sweeper);
      const environments = [...pools.values()].flatMap(({ all }) => [...all]);
      for (const pool of pools.values()) {
        clearTimeout(pool.patience);
        for (const { fail } of pool.waiting.splice(0)) fail(shuttingDown());
      }
      await Promise.all(environments.map((environment) => environment.end()));
    },
  };
};

const throttled = (reason: string): AwsError =>
  new AwsError("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    fields: { Reason: reason, Type: "User" },
  });

const shuttingDown = (): AwsError =>
  new AwsError("ServiceException", "Lambda is being stopped.", { status: 500 });
