/** Prints a line, or several, for whoever called the command. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
