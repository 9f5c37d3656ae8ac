// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane, ControlPlaneOperation } from "./control-plane.ts";
import { principalHeader, principalOf, requireThing } from "./principal.ts";

type AttachmentType = "EXCLUSIVE_THING" | "NON_EXCLUSIVE_THING";

/**
 * Lets a certificate stand for a thing. The same again changes nothing. A certificate that is attached exclusively
 * stands for no second thing, and one that stands for a thing already is not attached to another one exclusively.
 */
export const attachThingPrincipal: ControlPlaneOperation = {
  name: "AttachThingPrincipal",
  method: "PUT",
  path: "/things/{thingName}/principals",
  understand: ({ request, parameters }, plane) => ({
    permissions: [{ action: "iot:AttachThingPrincipal", resource: "*" }],
    carryOut: async () => {
      const type = attachmentType(request);
      const thing = thingNameOf(parameters);
      requireThing(plane, thing);
      const { id } = principalOf(plane, principalHeader(request));
      const fault = attachmentFault(plane, id, thing, type);
      if (fault !== undefined) throw new AwsError("InvalidRequestException", fault);
      const { things } = plane.certificates;
      if (type === "EXCLUSIVE_THING") things.attachExclusively(id, thing);
      else things.attach(id, thing);
      await plane.settled();
      return jsonResponse({});
    },
  }),
};

const attachmentFault = (
  { certificates: { things } }: ControlPlane,
  id: string,
  thing: string,
  type: AttachmentType,
): string | undefined => {
  const attached = things.of(id);
  const exclusive = things.exclusiveThingOf(id);
  const known = exclusive === undefined ? "NON_EXCLUSIVE_THING" : "EXCLUSIVE_THING";
  if (known !== type && attached.includes(thing)) {
    // What AWS does here is not documented.
    return `The certificate is attached to thing ${thing} as ${known}; another type of the same attachment is not imitated: detach it first`;
  }
  const other = attached.find((each) => each !== thing);
  return other !== undefined && (exclusive !== undefined || type === "EXCLUSIVE_THING")
    ? `The certificate is attached to thing ${other} already; an exclusive attachment is a certificate's only one`
    : undefined;
};

const attachmentType = (request: AwsRequest): AttachmentType => {
  const type = request.query.get("thingPrincipalType") ?? "NON_EXCLUSIVE_THING";
  if (type === "EXCLUSIVE_THING" || type === "NON_EXCLUSIVE_THING") return type;
  throw new AwsError(
    "InvalidRequestException",
    "thingPrincipalType is neither EXCLUSIVE_THING nor NON_EXCLUSIVE_THING",
  );
};
