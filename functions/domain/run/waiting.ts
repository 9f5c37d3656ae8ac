/** How long a call waits for the end of a run at most. MCP clients give up after 60 s, and the answer must still get out. */
export const MOST_WAIT_SECONDS = 45;

/** How long a call that starts a run waits where it does not say: what is not slow has ended by then. */
export const DEFAULT_WAIT_SECONDS = 20;
