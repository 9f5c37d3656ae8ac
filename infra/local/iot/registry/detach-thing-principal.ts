// https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane } from "./control-plane.ts";
import { principalOf, requireThing } from "./principal.ts";

/** Takes a certificate off a thing: at once, where AWS may take seconds. */
export const detachThingPrincipal = (plane: ControlPlane): Operation => ({
  name: "DetachThingPrincipal",
  method: "DELETE",
  path: "/things/{thingName}/principals",
  permissions: () => [{ action: "iot:DetachThingPrincipal", resource: "*" }],
  handle: async (parameters, request) => {
    const thing = thingNameOf(parameters);
    requireThing(plane, thing);
    const { id } = principalOf(plane, request.headers["x-amzn-principal"] ?? "");
    plane.certificates.things.detach(id, thing);
    await plane.settled();
    return jsonResponse({});
  },
});
