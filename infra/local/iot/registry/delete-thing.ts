// https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThing.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane } from "./control-plane.ts";

/** Removes a thing that no certificate is attached to from the registry, also one that is not there. Its shadow stays. */
export const deleteThing = (plane: ControlPlane): Operation => ({
  name: "DeleteThing",
  method: "DELETE",
  path: "/things/{thingName}",
  permissions: (parameters) => [
    { action: "iot:DeleteThing", resource: plane.arn(`thing/${thingNameOf(parameters)}`) },
  ],
  handle: async (parameters) => {
    const thing = thingNameOf(parameters);
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
});
