import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { type ExplainRunCall, explainRunTool } from "./explain-run.ts";
import { HOME } from "./home-argument.ts";
import { type ListRunsCall, listRunsTool } from "./list-runs.ts";
import type { Tool } from "./tool.ts";
import { readArguments } from "./tool-arguments.ts";
import { type VerifyRunsCall, verifyRunsTool } from "./verify-runs.ts";

/** A call of one of the operators' tools, and which home it is about. */
export type AuditCall = (ListRunsCall | ExplainRunCall | VerifyRunsCall) & {
  readonly home?: string;
};

const BY_NAME: readonly Tool<AuditCall["tool"], AuditCall>[] = [
  listRunsTool,
  explainRunTool,
  verifyRunsTool,
];

/** The tools of whoever looks after a home. Each takes the home. */
export const AUDIT_TOOLS: readonly Tool<AuditCall["tool"], AuditCall>[] = BY_NAME.map((tool) => ({
  ...tool,
  properties: { ...tool.properties, home: HOME },
}));

/**
 * Reads the arguments of one of them strictly.
 * @throws HomeError `ToolUnknown`, `ArgumentsInvalid`
 */
export const parseAuditCall = (name: string, value: unknown): AuditCall => {
  const tool = AUDIT_TOOLS.find((one) => one.name === name);
  if (tool === undefined) {
    throw new HomeError(
      "ToolUnknown",
      `No tool is called ${shown(name)}; known: ${AUDIT_TOOLS.map((one) => one.name).join(", ")}. Nothing was changed.`,
    );
  }
  const given = readArguments(tool, value);
  const home = given.text("home");
  return { ...tool.parse(given), ...(home === undefined ? {} : { home }) };
};
