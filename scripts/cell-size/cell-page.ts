import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../command/problem.ts";
import type { Section } from "./report.ts";

/** The page that says how many homes a cell bears. */
export const CELL_PAGE = join(import.meta.dirname, "..", "..", "infra", "aws", "cells.md");

export const readCellPage = (): string => readFileSync(CELL_PAGE, "utf8");

/**
 * The page with each section's table in the place of the one that stands under its heading.
 * @throws Problem where a heading has no table
 */
export const withTables = (page: string, sections: readonly Section[]): string =>
  sections.reduce((text, { heading, table }) => {
    const lines = text.split("\n");
    const at = lines.indexOf(`## ${heading}`);
    const first = lines.findIndex((line, index) => index > at && line.startsWith("|"));
    const next = lines.findIndex((line, index) => index > at && line.startsWith("## "));
    if (at < 0 || first < 0 || (next > 0 && first > next)) {
      throw new Problem(`infra/aws/cells.md has no table under "## ${heading}".`);
    }
    const after = lines.findIndex((line, index) => index > first && !line.startsWith("|"));
    return [...lines.slice(0, first), ...table.split("\n"), ...lines.slice(after)].join("\n");
  }, page);
