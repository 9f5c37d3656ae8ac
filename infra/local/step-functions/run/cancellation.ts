/** Thrown through an execution's branch when somebody else has ended it. Nothing catches it but the branch's owner. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

/** Who is told when a branch is ended from outside. Cheaper than AbortSignal.any, of which a Map would need one an item. */
export class Cancellation {
  #aborted = false;
  readonly #listeners = new Set<() => void>();
  readonly #detach: (() => void) | undefined;

  constructor(parent?: Cancellation) {
    if (parent !== undefined) this.#detach = parent.onAbort(() => this.abort());
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** Stops listening to the parent: a branch that ended must not be held in memory by its siblings' owner. */
  release(): void {
    this.#detach?.();
  }

  /** Calls once when aborted, at once where it already is. The answer stops listening. */
  onAbort(listener: () => void): () => void {
    if (this.#aborted) {
      listener();
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw new Aborted("This branch was ended.");
  }
}
