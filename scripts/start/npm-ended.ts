const CHECK_MS = 500;

/**
 * Resolves when the npm that runs `npm start` is gone, whatever ended it: it passes SIGINT and SIGTERM on, but of a
 * SIGKILL, or of its terminal's SIGHUP, a child hears nothing. Never resolves where no `npm start` is in between: who
 * starts node from a shell and leaves may want the house to stay.
 */
export const npmEnded = (): Promise<void> =>
  new Promise((resolve) => {
    if (process.env.npm_lifecycle_event !== "start") return;
    // npm itself and not its shell, which gives its place to node: package.json says `exec`.
    const npm = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === npm) return;
      clearInterval(timer);
      resolve();
    }, CHECK_MS).unref();
  });
