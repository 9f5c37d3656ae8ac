import { randomUUID } from "node:crypto";
import { requiredVariable } from "#adapters/environment.ts";
import { readMemberships } from "#adapters/fleet-tables.ts";
import { type GatewayCall, parseGatewayCall } from "#adapters/gateway-call.ts";
import { logger, observed } from "#adapters/observed.ts";
import { recordLook } from "#adapters/record-look.ts";
import { recordRefusal } from "#adapters/record-refusal.ts";
import { requireScope } from "#domain/access/caller.ts";
import { requireOperatorOfAll } from "#domain/access/membership.ts";
import { parseFleetCursor } from "#domain/audit/fleet-cursor.ts";
import { fleetLookRecord } from "#domain/audit/fleet-look-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { parseFleetCall } from "#domain/tools/fleet-tools.ts";
import { toToolError } from "#domain/tools/tool-error.ts";
import { listFleetRuns } from "./list-fleet-runs.ts";

const homeTableName = requiredVariable("HOME_TABLE_NAME");
const auditTableName = requiredVariable("AUDIT_TABLE_NAME");

/** The Lambda target `fleet`: what whoever looks after every home sees of all of them, each page a record first. */
export const handler = observed(async (event, context): Promise<unknown> => {
  let asked: GatewayCall | undefined;
  try {
    asked = parseGatewayCall(context);
    const { tool, caller } = asked;
    requireScope(caller, "read", tool);
    const { page, ...wanted } = parseFleetCall(tool, event);
    const at = new Date().toISOString();
    const query = { sub: caller.sub, day: at.slice(0, 10), ...wanted };
    requireOperatorOfAll(await readMemberships(homeTableName, caller.sub), tool);
    const after = page === undefined ? undefined : await parseFleetCursor(query, page);
    const look = {
      tool,
      ...query,
      ...(after === undefined ? {} : { after }),
      at,
      id: randomUUID(),
    };
    await recordLook(auditTableName, fleetLookRecord(caller, look));
    return await listFleetRuns(auditTableName, query, after);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    logger.info("A call was refused", { code: error.code });
    await recordRefusal(auditTableName, asked?.caller, {
      tool: asked?.tool ?? "",
      code: error.code,
      at: new Date().toISOString(),
    });
    return toToolError(error);
  }
});
