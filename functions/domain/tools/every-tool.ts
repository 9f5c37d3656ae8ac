import { AUDIT_TOOLS } from "./audit-tools.ts";
import { FLEET_TOOLS } from "./fleet-tools.ts";
import type { Tool } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** What the gateway lists: the tools of all its targets. */
export const EVERY_TOOL: readonly Tool[] = [...TOOLS, ...FLEET_TOOLS, ...AUDIT_TOOLS];
