import { extname } from "node:path";
import { Problem } from "../command/problem.ts";
import type { ConsoleConfig } from "./console-config.ts";

/** A file of the console as a bucket keeps it. */
export interface ConsoleObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

// Their names change with their content.
const FOR_GOOD = "public, max-age=31536000, immutable";
const ASK_FIRST = "no-cache";

/**
 * The built files and config.json, in the order in which they are put: the page last, so that it never names a file that
 * is not there yet.
 * @throws Problem for a file of a kind that a browser would not be told
 */
export const consoleObjects = (
  files: ReadonlyMap<string, Uint8Array>,
  config: ConsoleConfig,
): readonly ConsoleObject[] => {
  const objects = [...files].map(([key, body]): ConsoleObject => {
    const contentType = CONTENT_TYPES[extname(key)];
    if (contentType === undefined) throw new Problem(`The console has a file ${key} of no kind.`);
    const cacheControl = key === "index.html" ? ASK_FIRST : FOR_GOOD;
    return { key, body, contentType, cacheControl };
  });
  const isPage = ({ key }: ConsoleObject): boolean => key === "index.html";
  return [
    ...objects.filter((object) => !isPage(object)),
    {
      key: "config.json",
      body: new TextEncoder().encode(`${JSON.stringify(config, undefined, 2)}\n`),
      contentType: "application/json",
      cacheControl: ASK_FIRST,
    },
    ...objects.filter(isPage),
  ];
};
