// https://nodejs.org/api/cli.html#--expose-gc

const LOOK_EACH_MS = 10_000;
// A twentieth of a core: the devices' own reports, the schedules' ticks.
const REST_CPU_MS = 500;
const GROWN_BYTES = 16 * 1024 * 1024;
const COLLECT_EACH_MS = 60_000;

/**
 * Lets this process give back what it needed to start and to serve many at once, as soon as it has nothing to do: some 40 MB, for
 * 150 ms of CPU and what it has compiled, once a minute at the most. Left to itself it would keep them until it needs them again. Does nothing where Node was
 * started without --expose-gc; gives what stops it.
 */
export const collectAtRest = (): (() => void) => {
  const { gc: collect } = globalThis;
  if (collect === undefined) return () => undefined;
  let atRestBytes = 0;
  let collectedAtMs = -COLLECT_EACH_MS;
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    if ((user + system) / 1000 > REST_CPU_MS) return;
    if (performance.now() < collectedAtMs + COLLECT_EACH_MS) return;
    if (process.memoryUsage.rss() < atRestBytes + GROWN_BYTES) return;
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
    atRestBytes = process.memoryUsage.rss();
    before = process.cpuUsage();
    collectedAtMs = performance.now();
  }, LOOK_EACH_MS);
  timer.unref();
  return () => clearInterval(timer);
};
