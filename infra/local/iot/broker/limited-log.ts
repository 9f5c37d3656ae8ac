const MINUTE_MS = 60_000;
const MOST_LINES = 200;

/**
 * Says the same line once a minute, and so many lines a minute in all: whoever is refused tries again, some every
 * second, and somebody on the network could fill a disk. What was left out is counted.
 */
export const limitedLog = (
  log: (line: string) => void,
  nowMs: () => number,
): ((line: string) => void) => {
  let said = new Set<string>();
  let sinceMs = nowMs();
  let leftOut = 0;
  return (line) => {
    const now = nowMs();
    if (now - sinceMs >= MINUTE_MS) {
      if (leftOut > 0) log(`mqtt: ${leftOut} more refusals were left out in a minute`);
      said = new Set();
      sinceMs = now;
      leftOut = 0;
    }
    if (said.has(line)) return;
    if (said.size >= MOST_LINES) {
      leftOut += 1;
      return;
    }
    said.add(line);
    log(line);
  };
};
