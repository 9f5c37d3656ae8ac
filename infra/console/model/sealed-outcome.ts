import type { ExplainedRun, VerifiedRun } from "./answers.ts";
import "./jitless.ts";
import * as z from "zod";

// An outcome's record in DynamoDB's own JSON, as it was sealed. (functions/domain/audit/outcome-record.ts)
const text = z.object({ S: z.string() });
const outcome = z.object({
  result: text,
  planHash: text,
  devices: z.object({
    L: z.array(z.object({ M: z.object({ device: text, outcome: text }) })),
  }),
});

/**
 * What of a shown run is not as its sealed outcome has it; empty where all is. Undefined when no outcome is sealed. A proof
 * of records is a proof of the page only where the page shows what the records say.
 */
export const differencesFromSealed = (
  shown: Pick<ExplainedRun, "result" | "plan_hash" | "devices">,
  run: VerifiedRun,
): readonly string[] | undefined => {
  const sealed = run.proofs?.find(({ record }) => record === "OUTCOME");
  if (sealed === undefined) return undefined;
  const { data } = outcome.safeParse(sealed.item);
  if (data === undefined) return ["OUTCOME"];
  const said = new Map(data.devices.L.map(({ M }) => [M.device.S, M.outcome.S]));
  return [
    ...(data.result.S === shown.result ? [] : ["result"]),
    ...(data.planHash.S === shown.plan_hash ? [] : ["plan_hash"]),
    ...shown.devices.flatMap(({ device, outcome: one }) =>
      isSame(said.get(device), one) ? [] : [device],
    ),
  ];
};

// An answer that came when the run was over has a record of its own, and turns no sealed outcome.
const isSame = (sealed: string | undefined, shown: string): boolean =>
  sealed === shown || (shown === "confirmed_late" && sealed !== undefined);
