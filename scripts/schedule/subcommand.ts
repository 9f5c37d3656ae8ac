/** What `npm run schedule -- NAME` does. */
export interface Subcommand {
  readonly name: string;
  /** Its lines of `npm run schedule -- --help`. */
  readonly usage: string;
  /** Gives the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}
