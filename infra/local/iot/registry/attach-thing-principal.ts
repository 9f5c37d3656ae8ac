// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane } from "./control-plane.ts";
import { principalOf, requireThing } from "./principal.ts";

/**
 * Lets a certificate stand for a thing. The same again changes nothing. A certificate that is attached exclusively
 * stands for no second thing, and one that stands for a thing already is not attached to another one exclusively.
 */
export const attachThingPrincipal = (plane: ControlPlane): Operation => ({
  name: "AttachThingPrincipal",
  method: "PUT",
  path: "/things/{thingName}/principals",
  permissions: () => [{ action: "iot:AttachThingPrincipal", resource: "*" }],
  handle: async (parameters, request) => {
    const type = principalType(request);
    const thing = thingNameOf(parameters);
    requireThing(plane, thing);
    const { id } = principalOf(plane, request.headers["x-amzn-principal"] ?? "");
    const { things } = plane.certificates;
    const attached = things.of(id);
    const exclusive = things.exclusiveThingOf(id);
    const known = exclusive === undefined ? "NON_EXCLUSIVE_THING" : "EXCLUSIVE_THING";
    if (attached.length > 0 && known !== type && attached.includes(thing)) {
      // What AWS does here is not documented.
      throw new AwsError(
        "InvalidRequestException",
        `The certificate is attached to thing ${thing} as ${known}; another type of the same attachment is not imitated: detach it first`,
      );
    }
    const other = attached.find((each) => each !== thing);
    if (other !== undefined && (exclusive !== undefined || type === "EXCLUSIVE_THING")) {
      throw new AwsError(
        "InvalidRequestException",
        `The certificate is attached to thing ${other} already; an exclusive attachment is a certificate's only one`,
      );
    }
    if (type === "EXCLUSIVE_THING") things.attachExclusively(id, thing);
    else things.attach(id, thing);
    await plane.settled();
    return jsonResponse({});
  },
});

const principalType = (request: AwsRequest): "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING" => {
  const type = request.query.get("thingPrincipalType") ?? "NON_EXCLUSIVE_THING";
  if (type === "EXCLUSIVE_THING" || type === "NON_EXCLUSIVE_THING") return type;
  throw new AwsError(
    "InvalidRequestException",
    "thingPrincipalType is neither EXCLUSIVE_THING nor NON_EXCLUSIVE_THING",
  );
};
