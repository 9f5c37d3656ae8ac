// https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingPrincipals.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { certificateArn, requireThing } from "./principal.ts";

/** The certificates of a thing, all on one page. */
export const listThingPrincipals: ControlPlaneOperation = {
  name: "ListThingPrincipals",
  method: "GET",
  path: "/things/{thingName}/principals",
  understand: ({ parameters }, plane) => ({
    permissions: [{ action: "iot:ListThingPrincipals", resource: "*" }],
    carryOut: () => {
      const thing = thingNameOf(parameters);
      requireThing(plane, thing);
      return jsonResponse({
        principals: plane.certificates.things
          .certificatesOf(thing)
          .map((id) => certificateArn(plane, id)),
      });
    },
  }),
};
