// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html
import type { AwsService } from "../aws-service.ts";
import { createThing } from "./create-thing.ts";
import { deleteThing } from "./delete-thing.ts";
import { describeEndpoint } from "./describe-endpoint.ts";
import { describeThing } from "./describe-thing.ts";
import { listThings } from "./list-things.ts";
import { restService } from "./operation.ts";
import type { ThingTable } from "./thing-table.ts";

/** What the operations of the control plane work on. */
export interface ControlPlane {
  readonly arn: (resource: string) => string;
  readonly things: ThingTable;
  readonly mqttPort: () => number;
  /** Resolves when what was written is on disk. */
  readonly settled: () => Promise<void>;
}

/** The part of the IoT control plane that describes things. Policies and certificates are not imitated. */
export const controlPlaneService = (plane: ControlPlane): AwsService =>
  restService({
    name: "IoT",
    // Debian's AWS CLI (botocore of 2022) signs the control plane as execute-api.
    signingNames: ["iot", "execute-api"],
    operations: [
      createThing(plane),
      describeThing(plane),
      deleteThing(plane),
      listThings(plane),
      describeEndpoint(plane),
    ],
    missing: [
      { name: "UpdateThing", method: "PATCH", path: "/things/{thingName}" },
      { name: "CreateKeysAndCertificate", method: "POST", path: "/keys-and-certificate" },
      { name: "CreatePolicy", method: "POST", path: "/policies/{policyName}" },
      { name: "AttachPolicy", method: "PUT", path: "/target-policies/{policyName}" },
      { name: "AttachThingPrincipal", method: "PUT", path: "/things/{thingName}/principals" },
      { name: "CreateTopicRule", method: "POST", path: "/rules/{ruleName}" },
      { name: "GetTopicRule", method: "GET", path: "/rules/{ruleName}" },
      { name: "ListTopicRules", method: "GET", path: "/rules" },
    ],
  });
