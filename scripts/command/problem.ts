/** Something that the person at the keyboard can mend: told in one line, exit code 2. */
export class Problem extends Error {
  override readonly name = "Problem";
}

const NAMES = new Set(["Problem", "LocalError", "HomeError"]);

/** Runs a command; what a person can mend is one line on stderr and a non-zero exit, anything else a stack trace. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  // Whoever reads the output may stop reading (`| head`, EPIPE) or close the terminal (EIO): the rest is not written, the
  // command goes on to its end.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isAws = isAwsAnswer(error);
    if (!isAws && !NAMES.has(error.name) && !isBadOption(error)) throw error;
    process.stderr.write(
      isAws ? `AWS refused: ${error.name}, ${error.message}\n` : `${error.message}\n`,
    );
    process.exitCode = 2;
  }
};

// What an SDK gives for an answer that is an error, and for missing credentials.
const isAwsAnswer = (error: Error): boolean =>
  "$metadata" in error || error.name === "CredentialsProviderError";

// node:util parseArgs names the option in its message.
const isBadOption = (error: Error): boolean =>
  "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
