import type { HeavyEvaluation } from "./expression-worker.ts";
import { HeavyWorker } from "./heavy-worker.ts";
import type { Evaluated } from "./plain-json.ts";

const MAX_WORKERS = 2;
const CLOSED: Evaluated = { outcome: "error", message: "The service is being stopped" };

interface Job {
  readonly work: HeavyEvaluation;
  readonly settle: (evaluated: Evaluated) => void;
}

/** Threads for heavy expressions: started when first needed, at most two. */
export class ExpressionWorkers {
  readonly #busy: () => () => void;
  readonly #all = new Set<HeavyWorker>();
  readonly #idle: HeavyWorker[] = [];
  readonly #waiting: Job[] = [];
  #isClosed = false;

  /** `busy` tells the clock that something is under way that is not waiting. */
  constructor(busy: () => () => void) {
    this.#busy = busy;
  }

  async evaluate(work: HeavyEvaluation): Promise<Evaluated> {
    if (this.#isClosed) return CLOSED;
    const done = this.#busy();
    const { promise, resolve } = Promise.withResolvers<Evaluated>();
    this.#waiting.push({ work, settle: resolve });
    this.#next();
    try {
      return await promise;
    } finally {
      done();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.settle(CLOSED);
    await Promise.all([...this.#all].map((worker) => worker.close(CLOSED)));
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#isClosed) return;
    const worker = this.#idle.pop() ?? this.#start();
    const job = worker === undefined ? undefined : this.#waiting.shift();
    if (worker !== undefined && job !== undefined) void this.#run(worker, job);
  }

  #start(): HeavyWorker | undefined {
    if (this.#all.size >= MAX_WORKERS) return undefined;
    const worker = new HeavyWorker();
    this.#all.add(worker);
    return worker;
  }

  async #run(worker: HeavyWorker, job: Job): Promise<void> {
    job.settle(await worker.evaluate(job.work));
    if (worker.isDead) this.#all.delete(worker);
    else this.#idle.push(worker);
    this.#next();
  }
}
