// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_UpdateThingShadow.html
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/** Updates the shadow and publishes accepted, documents and delta on MQTT; a rejection is told to the caller only. */
export const updateThingShadow: DataPlaneOperation = {
  name: "UpdateThingShadow",
  method: "POST",
  path: "/things/{thingName}/shadow",
  understand: ({ request, parameters }, { arn, database, shadows }) => {
    const id = shadowIdOf(parameters, request);
    return {
      permissions: shadowPermission("UpdateThingShadow", id, arn),
      carryOut: () => settledAnswer(database, shadows.update(id, request.body)),
    };
  },
};
