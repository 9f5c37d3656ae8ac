import { readFileSync } from "node:fs";
import { type BridgeFile, parseBridgeFile } from "#bridges/core/bridge-file.ts";
import { Problem } from "../command/problem.ts";

/**
 * Reads the file of a bridge.
 * @throws Problem when there is none, or no JSON; HomeError `ArgumentsInvalid` for what is wrong in it
 */
export const readBridgeFile = (path: string): BridgeFile => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Problem(
      `${path} cannot be read. Make it, for example: echo '{"url":"mqtt://localhost:1883"}' > ${path}`,
      { cause },
    );
  }
  try {
    return parseBridgeFile(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Problem(`${path} is no JSON: ${cause.message}`, { cause });
  }
};
