// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteThingShadow.html
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/** Deletes the shadow and answers its last version. */
export const deleteThingShadow: DataPlaneOperation = {
  name: "DeleteThingShadow",
  method: "DELETE",
  path: "/things/{thingName}/shadow",
  understand: ({ request, parameters }, { arn, database, shadows }) => {
    const id = shadowIdOf(parameters, request);
    return {
      permissions: shadowPermission("DeleteThingShadow", id, arn),
      carryOut: () => settledAnswer(database, shadows.remove(id, Buffer.alloc(0))),
    };
  },
};
