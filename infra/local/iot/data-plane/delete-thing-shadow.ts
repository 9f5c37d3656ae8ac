// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteThingShadow.html

import type { Operation } from "#local/wire/rest-service.ts";
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlane } from "./data-plane.ts";

/** Deletes the shadow and answers its last version. */
export const deleteThingShadow = (plane: DataPlane): Operation => ({
  name: "DeleteThingShadow",
  method: "DELETE",
  path: "/things/{thingName}/shadow",
  permissions: (parameters, request) =>
    shadowPermission("DeleteThingShadow", shadowIdOf(parameters, request), plane.arn),
  handle: (parameters, request) =>
    settledAnswer(
      plane.database,
      plane.shadows.remove(shadowIdOf(parameters, request), Buffer.alloc(0)),
    ),
});
