// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThing.html
import type { ControlPlane } from "./control-plane.ts";
import { jsonResponse, type Operation } from "./operation.ts";
import { thingNameOf } from "./shadow-http.ts";

/** Removes a thing from the registry, also one that is not there. Its shadow stays. */
export const deleteThing = (plane: ControlPlane): Operation => ({
  name: "DeleteThing",
  method: "DELETE",
  path: "/things/{thingName}",
  permissions: (parameters) => [
    { action: "iot:DeleteThing", resource: plane.arn(`thing/${thingNameOf(parameters)}`) },
  ],
  handle: async (parameters) => {
    plane.things.remove(thingNameOf(parameters));
    await plane.settled();
    return jsonResponse({});
  },
});
