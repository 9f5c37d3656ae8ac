/** Asks once for whoever asks while the answer is on its way; who comes after it asks anew. */
export const oneAtATime = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= ask().finally(() => {
      pending = undefined;
    });
    return pending;
  };
};
