// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThing.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";

/** Removes a thing that no certificate is attached to from the registry, also one that is not there. Its shadow stays. */
export const deleteThing: ControlPlaneOperation = {
  name: "DeleteThing",
  method: "DELETE",
  path: "/things/{thingName}",
  understand: ({ parameters }, plane) => {
    const thing = thingNameOf(parameters);
    return {
      permissions: [{ action: "iot:DeleteThing", resource: plane.arn(`thing/${thing}`) }],
      carryOut: async () => {
        if (plane.certificates.things.certificatesOf(thing).length > 0) {
          throw new AwsError(
            "InvalidRequestException",
            `Cannot delete. Thing ${thing} is still attached to one or more principals`,
          );
        }
        plane.things.remove(thing);
        await plane.settled();
        return jsonResponse({});
      },
    };
  },
};
