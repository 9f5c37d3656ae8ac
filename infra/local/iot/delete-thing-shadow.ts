// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteThingShadow.html
import type { DataPlane } from "./data-plane.ts";
import type { Operation } from "./operation.ts";
import { settledAnswer, shadowIdOf, shadowPermission } from "./shadow-http.ts";

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
