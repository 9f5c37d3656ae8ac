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
  const given = isObject(payload) ? member(payload, "attributes") : undefined;
  const attributes = parseAttributes(given);
  const fault = attributesFault(attributes, isObject(given) ? Object.keys(given).length : 0);
  if (fault !== undefined) throw new AwsError("InvalidRequestException", fault);
  return attributes;
};

// https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
const ATTRIBUTE_NAME = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/;
const ATTRIBUTE_VALUE = /^[a-zA-Z0-9_.,@/:#=[\]-]{0,800}$/;
const MAX_ATTRIBUTES = 3;

const attributesFault = (
  attributes: Readonly<Record<string, string>>,
  given: number,
): string | undefined => {
  if (given > MAX_ATTRIBUTES) {
    return `A thing without a type has at most ${MAX_ATTRIBUTES} attributes`;
  }
  const known = Object.entries(attributes);
  if (known.length < given) return "An attribute's value is a text";
  const wrong = known.find(
    ([name, value]) => !(ATTRIBUTE_NAME.test(name) && ATTRIBUTE_VALUE.test(value)),
  );
  return wrong === undefined
    ? undefined
    : `The attribute ${JSON.stringify(wrong[0].slice(0, 128))} does not match ${ATTRIBUTE_NAME.source} and ${ATTRIBUTE_VALUE.source}`;
};
