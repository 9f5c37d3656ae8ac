import { availableParallelism, cpus } from "node:os";

/**
 * Lets calls in while the machine has something left for them: each one at once needs processes of its own, and where all cores are
 * busy it only makes the others slower. A call whose devices are slow keeps no core busy, and so nobody out.
 */
export interface Admission {
  /** Resolves when a call may begin, first come first; with what is to be called when it has ended. */
  enter(): Promise<() => void>;
}

const LOOK_MS = 20;
// One call more is let in where cores stood idle for this since the last look: Linux counts in it.
const IDLE_MS = 10;
// Where other programs keep all cores busy, and those inside wait for slow devices: nobody is kept out for good.
const STANDSTILL_MS = 250;

export const createAdmission = (
  options: {
    /** How many are let in whatever the machine does; one more than it has cores where absent, as one of them waits for devices. */
    readonly atOnce?: number;
    /** How long all cores together have stood idle, in milliseconds since some time. */
    readonly idleMs?: () => number;
  } = {},
): Admission => {
  const { atOnce = availableParallelism() + 1, idleMs = coresIdleMs } = options;
  const waiting: (() => void)[] = [];
  let inside = 0;
  let looking: NodeJS.Timeout | undefined;
  let idleAtLookMs = 0;
  let lastInAtMs = 0;

  const letNextIn = (): void => {
    const letIn = waiting.shift();
    if (letIn === undefined) return;
    inside += 1;
    lastInAtMs = performance.now();
    letIn();
  };

  const look = (): void => {
    const idleNowMs = idleMs();
    const isIdle = idleNowMs - idleAtLookMs >= IDLE_MS;
    idleAtLookMs = idleNowMs;
    if (isIdle || performance.now() - lastInAtMs >= STANDSTILL_MS) letNextIn();
    if (waiting.length > 0) return;
    clearInterval(looking);
    looking = undefined;
  };

  const leave = (): void => {
    inside -= 1;
    if (inside < atOnce) letNextIn();
  };

  return {
    enter: async () => {
      if (inside < atOnce) {
        inside += 1;
        return leave;
      }
      if (looking === undefined) {
        idleAtLookMs = idleMs();
        lastInAtMs = performance.now();
        looking = setInterval(look, LOOK_MS);
      }
      await new Promise<void>((letIn) => {
        waiting.push(letIn);
      });
      return leave;
    },
  };
};

const coresIdleMs = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);
