import type { Members } from "./server/server-messages.ts";

/** Which locks said that they are jammed since they were last told anything. */
export interface Jams {
  /** A value of a node was told. */
  note(node: number, args: Members): void;
  /** It is told something now: what it said before is about something else. */
  forget(node: number): void;
  isJammed(node: number): boolean;
  /** The notification may come after the answer that it failed: true as soon as it is there, false when it does not come. */
  isJammedSoon(node: number, isOver: AbortSignal): Promise<boolean>;
}

// Notification of type Access Control, variable "Lock state", event "Lock jammed". The variable stays at it until the
// next event, so that only its coming says anything. https://github.com/zwave-js/zwave-js/issues/2856
const NOTIFICATION = 113;
const LOCK_JAMMED = 11;
const LOOKOUT_MS = 1000;

/** No lock is jammed. */
export const createJams = (): Jams => {
  const jammed = new Set<number>();
  const watching = new Map<number, () => void>();
  return {
    note: (node, { commandClass, property, propertyKey, newValue }) => {
      const isLockState =
        commandClass === NOTIFICATION &&
        property === "Access Control" &&
        propertyKey === "Lock state";
      if (!isLockState) return;
      if (newValue === LOCK_JAMMED) {
        jammed.add(node);
        watching.get(node)?.();
      } else jammed.delete(node);
    },
    forget: (node) => {
      jammed.delete(node);
    },
    isJammed: (node) => jammed.has(node),
    isJammedSoon: async (node, isOver) => {
      if (jammed.has(node) || isOver.aborted) return jammed.has(node);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, LOOKOUT_MS);
      const stop = (): void => resolve();
      isOver.addEventListener("abort", stop, { once: true });
      watching.set(node, stop);
      await promise;
      clearTimeout(timer);
      isOver.removeEventListener("abort", stop);
      watching.delete(node);
      return jammed.has(node);
    },
  };
};
