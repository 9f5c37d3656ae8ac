import { existsSync, readFileSync } from "node:fs";
import { type BridgeFile, parseBridgeFile } from "#bridges/core/bridge-file.ts";
import { isObject } from "#domain/json.ts";
import { Problem } from "../command/problem.ts";

/**
 * Reads the file of a bridge; with a `url` it need not be there yet, and its own is replaced.
 * @throws Problem when there is none, or no JSON; HomeError `ArgumentsInvalid` for what is wrong in it
 */
export const readBridgeFile = (path: string, url?: string): BridgeFile => {
  if (url !== undefined && !existsSync(path)) return parseBridgeFile({ url });
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
    const file: unknown = JSON.parse(text);
    return parseBridgeFile(url !== undefined && isObject(file) ? { ...file, url } : file);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Problem(`${path} is no JSON: ${cause.message}`, { cause });
  }
};
