import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "../cell-size/measured.ts";

/** What the same goodnight asked for before: the measurement that was committed when its functions were made smaller. */
export const readBefore = (): Measured =>
  JSON.parse(readFileSync(join(import.meta.dirname, "before.json"), "utf8")) as Measured;
