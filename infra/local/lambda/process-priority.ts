// https://man7.org/linux/man-pages/man7/sched.7.html
import { writeFile } from "node:fs/promises";
import { constants, getPriority, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** A process gets a fifth of a core that the house wants too; one that nobody else wants it has whole. */
export const FUNCTION_NICE = 7;
const LEAST = constants.priority.PRIORITY_LOW;
// Who is not root may set the autogroup of one process each tenth of a second, whoever's it is.
const AGAIN_MS = 110;
const MOST_TRIES = 30;

/**
 * Lets the house, which answers all calls and sees what devices report, go before a function's process where both want a core.
 * Resolves when that is so, or can't be had: the process is gone, or there is no such thing here.
 */
export const letHouseGoFirst = async (pid: number): Promise<void> => {
  try {
    setPriority(pid, Math.min(getPriority() + FUNCTION_NICE, LEAST));
  } catch {
    // Gone already.
    return;
  }
  // Linux may give each session an equal share, and a function's process is one: the value above then counts only within it, and
  // ten calls at once would leave the house an eleventh of the machine.
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, String(FUNCTION_NICE));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).errno !== -constants.errno.EAGAIN) return;
    }
    await sleep(AGAIN_MS, undefined, { ref: false });
  }
};
