// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThing.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { ControlPlane } from "./control-plane.ts";

/** A thing of the registry. */
export const describeThing = (plane: ControlPlane): Operation => ({
  name: "DescribeThing",
  method: "GET",
  path: "/things/{thingName}",
  permissions: (parameters) => [
    { action: "iot:DescribeThing", resource: plane.arn(`thing/${thingNameOf(parameters)}`) },
  ],
  handle: async (parameters) => {
    const name = thingNameOf(parameters);
    const thing = plane.things.get(name);
    if (thing === undefined) {
      throw new AwsError("ResourceNotFoundException", `Thing ${name} not found.`, { status: 404 });
    }
    return jsonResponse({
      defaultClientId: name,
      thingName: name,
      thingId: thing.id,
      thingArn: plane.arn(`thing/${name}`),
      attributes: thing.attributes,
      version: thing.version,
    });
  },
});
