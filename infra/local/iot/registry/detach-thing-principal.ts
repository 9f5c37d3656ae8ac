// https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { principalHeader, principalOf, requireThing } from "./principal.ts";

/** Takes a certificate off a thing, which is to be seen seconds later. */
export const detachThingPrincipal: ControlPlaneOperation = {
  name: "DetachThingPrincipal",
  method: "DELETE",
  path: "/things/{thingName}/principals",
  understand: ({ request, parameters }, plane) => ({
    permissions: [{ action: "iot:DetachThingPrincipal", resource: "*" }],
    carryOut: async () => {
      const thing = thingNameOf(parameters);
      requireThing(plane, thing);
      const { id } = principalOf(plane, principalHeader(request));
      plane.certificates.things.detach(id, thing);
      await plane.settled();
      return jsonResponse({});
    },
  }),
};
