import type { Json } from "#local/wire/json.ts";
import { integrationPattern, readResource } from "../tasks/resource.ts";
import type { Diagnostics } from "./diagnostics.ts";

/** Checks what a Task calls: whether AWS knows it, whether an Express machine may, and whether it is imitated. */
export const checkResource = (
  resource: Json | undefined,
  location: string,
  type: "STANDARD" | "EXPRESS",
  diagnostics: Diagnostics,
): void => {
  if (resource === undefined) return;
  const at = `${location}/Resource`;
  if (typeof resource !== "string") {
    diagnostics.schema("Expected value of type String", at);
    return;
  }
  const pattern = integrationPattern(resource);
  if (pattern !== undefined && type === "EXPRESS") {
    // Recorded with a blank at its end, so that two are seen before the location.
    diagnostics.schema(
      `Express state machine does not support '${pattern}' service integration `,
      at,
    );
    return;
  }
  const read = readResource(resource);
  if ("activity" in read) {
    if (type === "EXPRESS") {
      diagnostics.schema("Express state machine does not support Activity ARN", at);
    } else diagnostics.notEmulated.push(`activities (${read.activity})`);
  } else if ("unrecognized" in read) {
    diagnostics.schema(
      `The resource provided ${read.unrecognized} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
      at,
    );
  } else if ("notEmulated" in read) {
    diagnostics.notEmulated.push(`the resource ${read.notEmulated}`);
  }
};
