// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetThingShadow.html
import { settledAnswer, shadowIdOf, shadowPermission } from "../shadows/shadow-http.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

/** The shadow's state, delta, times and version. */
export const getThingShadow: DataPlaneOperation = {
  name: "GetThingShadow",
  method: "GET",
  path: "/things/{thingName}/shadow",
  understand: ({ request, parameters }, { arn, database, shadows }) => {
    const id = shadowIdOf(parameters, request);
    return {
      permissions: shadowPermission("GetThingShadow", id, arn),
      carryOut: () => settledAnswer(database, shadows.get(id, Buffer.alloc(0))),
    };
  },
};
