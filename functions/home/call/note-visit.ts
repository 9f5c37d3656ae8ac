import { randomUUID } from "node:crypto";
import { recordLook } from "#adapters/record-look.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { visitRecord } from "#domain/audit/visit-record.ts";
import type { ToolCall } from "#domain/tools/tools.ts";

/**
 * Records that somebody who does not live there looks at a home, before they are answered; and an operator of the home
 * whom an answer tells what people did. Who lives there leaves no such record.
 * @throws HomeError `VisitNotRecorded`: without the record there is no answer
 */
export const noteVisit = async (
  auditTableName: string,
  access: HomeAccess,
  caller: Caller,
  call: ToolCall,
): Promise<void> => {
  const { isVisit, role } = access.about;
  const isTold = call.tool === "explain_device" && role === "operator";
  if (!isVisit && !isTold) return;
  const subject = subjectOf(call);
  await recordLook(
    auditTableName,
    visitRecord(access, caller, {
      tool: call.tool,
      ...(subject === undefined ? {} : { subject }),
      at: new Date().toISOString(),
      id: randomUUID(),
    }),
  );
};

// A record is for people to read.
const LONGEST = 200;

const subjectOf = (call: ToolCall): string | undefined => {
  switch (call.tool) {
    case "get_home":
      return undefined;
    case "plan_scene":
    case "run_scene":
      return call.scene;
    case "get_state":
      return call.devices.length === 0 ? undefined : call.devices.join(", ").slice(0, LONGEST);
    case "set_devices":
      return call.wishes
        .map(({ device }) => device)
        .join(", ")
        .slice(0, LONGEST);
    case "explain_device":
      return call.device;
    case "schedule_scene":
      return call.schedule;
    case "save_scene":
      return "name" in call.from ? call.from.name : undefined;
    case "undo_run":
      return call.runId;
    case "get_run":
      return call.runId ?? call.requestId;
  }
};
