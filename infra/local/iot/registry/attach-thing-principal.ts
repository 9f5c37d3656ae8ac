// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane } from "./control-plane.ts";
import { principalOf, requireThing } from "./principal.ts";

/** Lets a certificate stand for a thing. The same again changes nothing. */
export const attachThingPrincipal = (plane: ControlPlane): Operation => ({
  name: "AttachThingPrincipal",
  method: "PUT",
  path: "/things/{thingName}/principals",
  permissions: () => [{ action: "iot:AttachThingPrincipal", resource: "*" }],
  handle: async (parameters, request) => {
    const type = request.query.get("thingPrincipalType") ?? "NON_EXCLUSIVE_THING";
    if (type !== "NON_EXCLUSIVE_THING") {
      throw new AwsError("InvalidRequestException", `thingPrincipalType ${type} is not imitated`);
    }
    const thing = thingNameOf(parameters);
    requireThing(plane, thing);
    const { id } = principalOf(plane, request.headers["x-amzn-principal"] ?? "");
    plane.certificates.things.attach(id, thing);
    await plane.settled();
    return jsonResponse({});
  },
});
