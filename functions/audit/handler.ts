import { randomUUID } from "node:crypto";
import { requiredVariable } from "#adapters/environment.ts";
import { type GatewayCall, parseGatewayCall } from "#adapters/gateway-call.ts";
import { logger, observed } from "#adapters/observed.ts";
import { recordLook } from "#adapters/record-look.ts";
import { recordRefusal } from "#adapters/record-refusal.ts";
import { readMemberships } from "#adapters/run-audit.ts";
import { requireScope } from "#domain/access/caller.ts";
import { accessTo, type HomeAccess, homeOf, requireOperator } from "#domain/access/home-access.ts";
import { visitRecord } from "#domain/audit/visit-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { type AuditCall, parseAuditCall } from "#domain/tools/audit-tools.ts";
import { toToolError } from "#domain/tools/tool-error.ts";
import { explainRun } from "./explain-run.ts";
import { listRuns } from "./list-runs.ts";
import { type Deployment, verifyRuns } from "./verify-runs.ts";

const homeTableName = requiredVariable("HOME_TABLE_NAME");
const deployment: Deployment = {
  auditTableName: requiredVariable("AUDIT_TABLE_NAME"),
  logTableName: requiredVariable("LOG_TABLE_NAME"),
  logKeyArn: requiredVariable("LOG_KEY_ARN"),
};
const { auditTableName } = deployment;

/**
 * The Lambda target `audit`: what operators see of a home's runs. Each look is a record before it is answered, also of
 * an operator who belongs to the home, since it tells what people did.
 */
export const handler = observed(async (event, context): Promise<unknown> => {
  let asked: GatewayCall | undefined;
  let access: HomeAccess | undefined;
  try {
    asked = parseGatewayCall(context);
    const { tool, caller } = asked;
    requireScope(caller, "read", tool);
    const call = parseAuditCall(tool, event);
    access = accessTo(await readMemberships(homeTableName, caller.sub), call.home);
    requireOperator(access, tool);
    const subject = subjectOf(call);
    const at = new Date().toISOString();
    await recordLook(
      auditTableName,
      visitRecord(access, caller, { tool, subject, at, id: randomUUID() }),
    );
    return await answer(call, access, caller.sub);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    logger.info("A call was refused", { code: error.code });
    await recordRefusal(auditTableName, asked?.caller, {
      tool: asked?.tool ?? "",
      code: error.code,
      ...(access === undefined ? {} : { home: homeOf(access) }),
      at: new Date().toISOString(),
    });
    return toToolError(error);
  }
});

const answer = (call: AuditCall, access: HomeAccess, sub: string): Promise<unknown> => {
  switch (call.tool) {
    case "list_runs":
      return listRuns(auditTableName, access, sub, call);
    case "explain_run":
      return explainRun(auditTableName, access, call);
    case "verify_runs":
      return verifyRuns(deployment, access, call);
  }
};

/** What is looked at, in a text that tells a look at one person from a look at a night. */
const subjectOf = (call: AuditCall): string => {
  switch (call.tool) {
    case "list_runs": {
      const { since, until, filter } = call;
      return JSON.stringify({ since, until, ...filter });
    }
    case "explain_run":
      return call.runId;
    case "verify_runs":
      return call.runIds.join(" ");
  }
};
