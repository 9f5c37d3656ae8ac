// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { jsonEqual, member } from "../messages/json.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { bodyMembers } from "./principal.ts";
import { parseAttributes } from "./thing-table.ts";

/** Registers a thing; the same call twice is answered alike, the same name with other attributes is refused. */
export const createThing: ControlPlaneOperation = {
  name: "CreateThing",
  method: "POST",
  path: "/things/{thingName}",
  understand: ({ request, parameters }, plane) => {
    const name = thingNameOf(parameters);
    const thingArn = plane.arn(`thing/${name}`);
    return {
      permissions: [{ action: "iot:CreateThing", resource: thingArn }],
      carryOut: async () => {
        const attributes = attributesOf(request);
        const known = plane.things.get(name);
        if (known !== undefined && !jsonEqual(known.attributes, attributes)) {
          throw new AwsError(
            "ResourceAlreadyExistsException",
            `Thing ${name} already exists in account with different attributes`,
            { status: 409, fields: { resourceId: name, resourceArn: thingArn } },
          );
        }
        const thing = known ?? plane.things.create(name, attributes);
        await plane.settled();
        return jsonResponse({ thingName: name, thingArn, thingId: thing.id });
      },
    };
  },
};

const attributesOf = (request: AwsRequest): Readonly<Record<string, string>> => {
  const members = bodyMembers(request);
  for (const key of ["thingTypeName", "billingGroupName"]) {
    if (member(members, key) !== undefined) {
      throw new AwsError("InvalidRequestException", `${key} is not imitated`);
    }
  }
  const payload = member(members, "attributePayload");
  return parseAttributes(isObject(payload) ? member(payload, "attributes") : undefined);
};
