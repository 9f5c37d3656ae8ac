import type { Readable } from "node:stream";

/** What an origin answered. */
export interface OriginAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | Readable;
}

/** An origin that gave no answer: it kept CloudFront waiting longer than it waits, or could not be reached. */
export class OriginFailed extends Error {
  override readonly name = "OriginFailed";
  readonly kind: "timed out" | "unreachable";

  constructor(kind: OriginFailed["kind"], cause?: unknown) {
    super(`the origin is ${kind}`, { cause });
    this.kind = kind;
  }
}
