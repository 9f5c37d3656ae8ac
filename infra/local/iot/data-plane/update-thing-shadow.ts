// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_UpdateThingShadow.html

import type { Operation } from "#local/wire/rest-service.ts";
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlane } from "./data-plane.ts";

/** Updates the shadow and publishes accepted, documents and delta on MQTT; a rejection is told to the caller only. */
export const updateThingShadow = (plane: DataPlane): Operation => ({
  name: "UpdateThingShadow",
  method: "POST",
  path: "/things/{thingName}/shadow",
  permissions: (parameters, request) =>
    shadowPermission("UpdateThingShadow", shadowIdOf(parameters, request), plane.arn),
  handle: (parameters, request) =>
    settledAnswer(
      plane.database,
      plane.shadows.update(shadowIdOf(parameters, request), request.body),
    ),
});
