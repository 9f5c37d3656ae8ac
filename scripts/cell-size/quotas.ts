/** What an account and its gateway allow; the values are those of `limits.ts`. */
export interface Quotas {
  /** Of the gateway, for one caller: the schedules have one. */
  readonly callerCallsPerMinute: number;
  readonly gatewayCallsPerSecond: number;
  readonly lambdaAtOnce: number;
  readonly shadowOperationsPerSecond: number;
}

/** Calls a caller may make: a full bucket of a minute's calls that refills evenly. */
export class Bucket {
  readonly #perMinute: number;
  #calls: number;
  #atSeconds = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#calls = perMinute;
  }

  take(nowSeconds: number): boolean {
    const refilled = this.#calls + ((nowSeconds - this.#atSeconds) * this.#perMinute) / 60;
    this.#calls = Math.min(this.#perMinute, refilled);
    this.#atSeconds = nowSeconds;
    if (this.#calls < 1) return false;
    this.#calls -= 1;
    return true;
  }
}

/** So many a second, and nothing saved up: AWS promises no burst beyond that. */
export class PerSecond {
  readonly #quota: number;
  #second = -1;
  #taken = 0;
  #peak = 0;

  constructor(quota: number) {
    this.#quota = quota;
  }

  /** The most that were asked for in a second, refused ones too. */
  get peak(): number {
    return this.#peak;
  }

  take(nowSeconds: number, count = 1): boolean {
    const second = Math.floor(nowSeconds);
    if (second !== this.#second) {
      this.#second = second;
      this.#taken = 0;
    }
    this.#taken += count;
    this.#peak = Math.max(this.#peak, this.#taken);
    return this.#taken <= this.#quota;
  }
}

/** Functions that run at once. */
export class Slots {
  readonly #quota: number;
  #taken = 0;
  #peak = 0;

  constructor(quota: number) {
    this.#quota = quota;
  }

  get peak(): number {
    return this.#peak;
  }

  get free(): number {
    return this.#quota - this.#taken;
  }

  take(): boolean {
    if (this.free < 1) return false;
    this.#taken += 1;
    this.#peak = Math.max(this.#peak, this.#taken);
    return true;
  }

  give(): void {
    this.#taken -= 1;
  }
}
