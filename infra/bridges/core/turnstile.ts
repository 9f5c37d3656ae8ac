/** Lets so many through at once; the others wait in the order in which they came. */
export type Turnstile = <T>(work: () => Promise<T>, isOver: AbortSignal) => Promise<T>;

export const turnstile = (most: number): Turnstile => {
  const waiting: (() => void)[] = [];
  let inside = 0;

  const enter = async (): Promise<void> => {
    if (inside < most) {
      inside += 1;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    // Who waits takes the place of who leaves.
    if (next === undefined) inside -= 1;
    else next();
  };

  return async (work, isOver) => {
    await enter();
    try {
      isOver.throwIfAborted();
      return await work();
    } finally {
      leave();
    }
  };
};
