const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 1000;

/**
 * Says a line at most once a minute for each `about`: whoever is refused tries again, some every second, and somebody
 * on the network could fill a disk.
 */
export const limitedLog = (
  log: (line: string) => void,
  nowMs: () => number,
): ((about: string, line: string) => void) => {
  const said = new Map<string, number>();
  return (about, line) => {
    const now = nowMs();
    if (now - (said.get(about) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    if (said.size >= MAX_REMEMBERED) said.clear();
    said.set(about, now);
    log(line);
  };
};
