import { join } from "node:path";

/** The page that says what one scene asks of AWS. */
export const CALLS_PAGE = join(import.meta.dirname, "..", "..", "infra", "aws", "calls.md");
