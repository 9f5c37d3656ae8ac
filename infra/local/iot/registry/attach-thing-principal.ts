// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { principalHeader, principalOf, requireThing } from "./principal.ts";

/** Lets a certificate stand for a thing. The same again changes nothing. */
export const attachThingPrincipal: ControlPlaneOperation = {
  name: "AttachThingPrincipal",
  method: "PUT",
  path: "/things/{thingName}/principals",
  understand: ({ request, parameters }, plane) => ({
    permissions: [{ action: "iot:AttachThingPrincipal", resource: "*" }],
    carryOut: async () => {
      const type = request.query.get("thingPrincipalType") ?? "NON_EXCLUSIVE_THING";
      if (type !== "NON_EXCLUSIVE_THING") {
        throw new AwsError("InvalidRequestException", `thingPrincipalType ${type} is not imitated`);
      }
      const thing = thingNameOf(parameters);
      requireThing(plane, thing);
      const { id } = principalOf(plane, principalHeader(request));
      plane.certificates.things.attach(id, thing);
      await plane.settled();
      return jsonResponse({});
    },
  }),
};
