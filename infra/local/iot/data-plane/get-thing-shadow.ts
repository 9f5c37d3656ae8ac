// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetThingShadow.html

import type { Operation } from "#local/wire/rest-service.ts";
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlane } from "./data-plane.ts";

/** The shadow's state, delta, times and version. */
export const getThingShadow = (plane: DataPlane): Operation => ({
  name: "GetThingShadow",
  method: "GET",
  path: "/things/{thingName}/shadow",
  permissions: (parameters, request) =>
    shadowPermission("GetThingShadow", shadowIdOf(parameters, request), plane.arn),
  handle: (parameters, request) =>
    settledAnswer(
      plane.database,
      plane.shadows.get(shadowIdOf(parameters, request), Buffer.alloc(0)),
    ),
});
