/** Something that may ring while somebody waits for it. */
export interface Bell {
  ring(): void;
  /** Kept at the next ring; never after `isOver`. */
  next(isOver: AbortSignal): Promise<void>;
}

export const bell = (): Bell => {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    next: (isOver) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        isOver.addEventListener("abort", () => waiting.delete(resolve), { once: true });
      }),
  };
};
