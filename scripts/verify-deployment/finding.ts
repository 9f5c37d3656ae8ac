/** What a check found: what is well, or what is wrong, whose fault it is, and what to do. */
export interface Finding {
  /** Stable; `Ok` where nothing is wrong. */
  readonly code: string;
  readonly summary: string;
  /** Only where something is wrong. */
  readonly fix?: string;
}

/** The code of a check in which nothing is wrong. */
export const OK = "Ok";

/** All is as it should be. */
export const well = (summary: string): Finding => ({ code: OK, summary });

/** Something is wrong: one sentence that names the cause, and the next step. */
export const fault = (code: string, summary: string, fix: string): Finding => ({
  code,
  summary,
  fix,
});

/** Breaks a check off where it cannot go on. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly finding: Finding;

  constructor(code: string, summary: string, fix: string, options?: ErrorOptions) {
    super(summary, options);
    this.finding = fault(code, summary, fix);
  }
}
