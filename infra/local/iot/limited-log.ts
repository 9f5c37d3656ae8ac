const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 1000;

/**
 * Says the same line at most once a minute: whoever is refused tries again, some every second, and somebody on the
 * network could fill a disk.
 */
export const limitedLog = (
  log: (line: string) => void,
  nowMs: () => number,
): ((line: string) => void) => {
  const said = new Map<string, number>();
  return (line) => {
    const now = nowMs();
    if (now - (said.get(line) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    if (said.size >= MAX_REMEMBERED) said.clear();
    said.set(line, now);
    log(line);
  };
};
