// https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThing.html
import { AwsError } from "../aws-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { jsonResponse, type Operation } from "./operation.ts";
import { thingNameOf } from "./shadow-http.ts";

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
