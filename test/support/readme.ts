import { readFileSync } from "node:fs";
import { join } from "node:path";

const README = join(import.meta.dirname, "..", "..", "README.md");

/** The one fenced block of the README that holds a text, so that what a newcomer copies is what is tested. */
export const readmeBlock = (holding: string, file = README): string => {
  const text = readFileSync(file, "utf8");
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const [found, ...more] = blocks.filter((block) => block.includes(holding));
  if (found === undefined || more.length > 0) {
    throw new Error(`${blocks.length} blocks of ${file}, not one of them alone holds ${holding}`);
  }
  return found;
};

/** The one line of such a block that begins so. */
export const readmeLine = (beginning: string, file = README): string => {
  const line = readmeBlock(beginning, file)
    .split("\n")
    .find((one) => one.startsWith(beginning));
  if (line === undefined) throw new Error(`no line begins ${beginning}`);
  return line;
};
