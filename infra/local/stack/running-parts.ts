/** What has been started so far, so that all of it can be stopped, once. */
export interface RunningParts {
  /** Notes that a part runs, and gives it back. */
  keep<Part extends { close(): Promise<void> | void }>(part: Part): Part;
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
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
