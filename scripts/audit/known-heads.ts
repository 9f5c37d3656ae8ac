import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { isObject } from "#domain/json.ts";
import { Problem } from "../command/problem.ts";

/** What was seen of a log before: the key that was seen first, and the last head that was found good. */
export interface KnownLog {
  readonly vkey: string;
  /** A signed note. */
  readonly head: string;
}

/** Where it is kept, as ssh keeps the keys of hosts. */
export const KNOWN_HEADS = join(homedir(), ".smarthome", "known-heads");

type Known = Readonly<Record<string, KnownLog>>;

const readKnown = (file: string): Known => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const known: Record<string, KnownLog> = {};
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const value: unknown = JSON.parse(line);
    const { origin, vkey, head } = isObject(value) ? value : {};
    if (typeof origin !== "string" || typeof vkey !== "string" || typeof head !== "string") {
      throw new Problem(`${file} has a line that is none of its own: ${line.slice(0, 80)}`);
    }
    known[origin] = { vkey, head };
  }
  return known;
};

/**
 * What is known of a log; undefined when it was never seen.
 * @throws Problem for a file that cannot be read
 */
export const knownLog = (file: string, origin: string): KnownLog | undefined => {
  const known = readKnown(file);
  return Object.hasOwn(known, origin) ? known[origin] : undefined;
};

/** Keeps what was seen of a log. The file is readable by its owner alone, and never half written. */
export const rememberLog = (file: string, origin: string, log: KnownLog): void => {
  const lines = Object.entries({ ...readKnown(file), [origin]: log }).map(([name, one]) =>
    JSON.stringify({ origin: name, ...one }),
  );
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${lines.join("\n")}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
