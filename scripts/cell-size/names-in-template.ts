import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../command/problem.ts";
import { STACK_NAME } from "../command/stack-name.ts";

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly MemorySize?: number;
    readonly Role?: { readonly "Fn::GetAtt"?: readonly string[] };
    readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
    readonly Entries?: readonly {
      readonly Requests?: readonly { readonly Period?: string; readonly Rate?: number }[];
    }[];
  };
}

/** What the template says that a measurement needs. */
export interface NamesInTemplate {
  /** Folder of functions/ and memory by the function's physical name. */
  readonly functions: ReadonlyMap<string, { readonly name: string; readonly memoryMb: number }>;
  /** Who calls, for people: a function's folder, or what the role is for. */
  callerOf(roleName: string): string;
  readonly callerCallsPerMinute: number;
}

/** Reads the template of an assembly. */
export const readNamesInTemplate = (
  assembly: string,
  physical: readonly { readonly logicalId: string; readonly name: string }[],
): NamesInTemplate => {
  const { Resources } = JSON.parse(
    readFileSync(join(assembly, `${STACK_NAME}.template.json`), "utf8"),
  ) as { readonly Resources: Readonly<Record<string, Resource>> };
  const names = new Map(physical.map(({ logicalId, name }) => [logicalId, name]));
  const functions = new Map<string, { readonly name: string; readonly memoryMb: number }>();
  const callers = new Map<string, string>();
  let callerCallsPerMinute: number | undefined;
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type === "AWS::Lambda::Function") {
      const name = String(Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME);
      functions.set(names.get(logicalId) ?? logicalId, {
        name,
        memoryMb: Properties.MemorySize ?? 128,
      });
      const role = Properties.Role?.["Fn::GetAtt"]?.[0];
      if (role !== undefined) callers.set(names.get(role) ?? role, name);
    }
    if (Type === "AWS::BedrockAgentCore::GatewayRateLimit") {
      const [request] = Properties.Entries?.[0]?.Requests ?? [];
      if (request?.Period === "minute") callerCallsPerMinute = request.Rate;
    }
  }
  if (callerCallsPerMinute === undefined) {
    throw new Problem("The template limits no caller by the minute.");
  }
  return {
    functions,
    // CDK puts eight characters of a hash behind each name.
    callerOf: (role) =>
      callers.get(role) ?? role.replace(`${STACK_NAME}-`, "").replace(/(Role)?[0-9A-F]{8}$/, ""),
    callerCallsPerMinute,
  };
};
