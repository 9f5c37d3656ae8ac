/** What has been started so far, so that all of it can be stopped, once. */
export interface RunningParts {
  /** Notes that a part runs, and gives it back. */
  keep<Part extends { close(): Promise<void> | void }>(part: Part): Part;
  /** Notes that a part is about to run, so that a start that fails meanwhile stops it, too; `keep` notes it in its place. */
  keepStarting<Part extends { close(): Promise<void> | void }>(
    starting: Promise<Part>,
  ): Promise<Part>;
  /** Last started, first stopped: the gateway takes no new calls before the services behind it go. */
  close(): Promise<void>;
}

/** Nothing runs yet. */
export const runningParts = (): RunningParts => {
  const started: { close(): Promise<void> | void }[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (const part of [...started].reverse()) await part.close();
  };
  return {
    keep: (part) => {
      started.push(part);
      return part;
    },
    keepStarting: (starting) => {
      // What it failed with is told to whoever waits for it; a start that failed before has told its own reason.
      const part = starting.catch(() => undefined);
      started.push({ close: async () => (await part)?.close() });
      return starting;
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
