// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThing.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";

/** A thing of the registry. */
export const describeThing: ControlPlaneOperation = {
  name: "DescribeThing",
  method: "GET",
  path: "/things/{thingName}",
  understand: ({ parameters }, plane) => {
    const name = thingNameOf(parameters);
    const thingArn = plane.arn(`thing/${name}`);
    return {
      permissions: [{ action: "iot:DescribeThing", resource: thingArn }],
      carryOut: () => {
        const thing = plane.things.get(name);
        if (thing === undefined) {
          throw new AwsError("ResourceNotFoundException", `Thing ${name} not found.`, {
            status: 404,
          });
        }
        return jsonResponse({
          defaultClientId: name,
          thingName: name,
          thingId: thing.id,
          thingArn,
          attributes: thing.attributes,
          version: thing.version,
        });
      },
    };
  },
};
