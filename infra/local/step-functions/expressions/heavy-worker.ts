// A thread is the only thing that can be ended whatever it does.
import { Worker } from "node:worker_threads";
import { OUT_OF_MEMORY_MESSAGE } from "./evaluation-error.ts";
import type { HeavyEvaluation } from "./expression-worker.ts";
import type { Evaluated } from "./plain-json.ts";

/** The most time that AWS gives the evaluation of one expression. */
const MAX_EVALUATION_MS = 1_000;
// Together the most memory that a runaway expression can take.
const MAX_OLD_GENERATION_MB = 192;
const MAX_YOUNG_GENERATION_MB = 32;

const TIMED_OUT: Evaluated = {
  outcome: "error",
  message: "Expression evaluation timeout: Check for infinite loop",
};
const OUT_OF_MEMORY: Evaluated = { outcome: "error", message: OUT_OF_MEMORY_MESSAGE };

/** One thread for heavy expressions: one evaluation at a time, each at most a second, then the thread is ended. */
export class HeavyWorker {
  readonly #worker: Worker;
  #isOnline = false;
  #isDead = false;
  #settle: ((evaluated: Evaluated) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#worker = new Worker(new URL("./expression-worker.ts", import.meta.url), {
      // Options of the parent process (a test runner's loader, an inspector) are not the worker's.
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: MAX_OLD_GENERATION_MB,
        maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB,
      },
    });
    this.#worker.unref();
    this.#worker.on("online", () => {
      this.#isOnline = true;
      this.#startTimer();
    });
    this.#worker.on("message", (evaluated: Evaluated) => this.#end(evaluated));
    // Nothing but the memory limit ends a worker that nobody has ended.
    this.#worker.on("error", () => this.#die(OUT_OF_MEMORY));
    this.#worker.on("exit", () => this.#die(OUT_OF_MEMORY));
  }

  /** True once the thread has been ended: it takes no more work. */
  get isDead(): boolean {
    return this.#isDead;
  }

  evaluate(work: HeavyEvaluation): Promise<Evaluated> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#startTimer();
      this.#worker.postMessage(work);
    });
  }

  async close(evaluated: Evaluated): Promise<void> {
    this.#die(evaluated);
    await this.#worker.terminate();
  }

  // The second begins when the thread runs, not while it is being loaded.
  #startTimer(): void {
    if (!this.#isOnline || this.#settle === undefined) return;
    this.#timer ??= setTimeout(() => this.#die(TIMED_OUT), MAX_EVALUATION_MS);
  }

  #end(evaluated: Evaluated): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(evaluated);
  }

  #die(evaluated: Evaluated): void {
    if (!this.#isDead) {
      this.#isDead = true;
      void this.#worker.terminate();
    }
    this.#end(evaluated);
  }
}
