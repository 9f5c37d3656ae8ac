import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./command.ts";

// What a newcomer copies from.
const PAGES = ["README.md", "infra/house/your-own-device.md"];

/** The one fenced block of those pages that holds a text, so that what a newcomer copies is what is tested. */
export const readmeBlock = (holding: string): string => {
  const blocks = PAGES.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```\w*\n(.*?)^```$/gms)].map(
      ([, block = ""]) => block,
    ),
  );
  const [found, ...more] = blocks.filter((block) => block.includes(holding));
  if (found === undefined || more.length > 0) {
    throw new Error(`${more.length + (found === undefined ? 0 : 1)} blocks hold ${holding}, not 1`);
  }
  return found;
};

/** The one line of such a block that begins so. */
export const readmeLine = (beginning: string): string => {
  const line = readmeBlock(beginning)
    .split("\n")
    .find((one) => one.startsWith(beginning));
  if (line === undefined) throw new Error(`no line begins ${beginning}`);
  return line;
};
