import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "../cell-size/measured.ts";

/** What the same goodnight asked for before the work on speed, measured by today's program in that commit's house. */
export const readBefore = (): Measured =>
  JSON.parse(readFileSync(join(import.meta.dirname, "before.json"), "utf8")) as Measured;
