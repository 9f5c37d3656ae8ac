// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { restService } from "#local/wire/rest-service.ts";
import { attachPolicy } from "./attach-policy.ts";
import { attachThingPrincipal } from "./attach-thing-principal.ts";
import type { ControlPlane } from "./control-plane.ts";
import { createCertificateFromCsr } from "./create-certificate-from-csr.ts";
import { createKeysAndCertificate } from "./create-keys-and-certificate.ts";
import { createThing } from "./create-thing.ts";
import { deleteCertificate } from "./delete-certificate.ts";
import { deleteThing } from "./delete-thing.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { describeEndpoint } from "./describe-endpoint.ts";
import { describeThing } from "./describe-thing.ts";
import { detachPolicy } from "./detach-policy.ts";
import { detachThingPrincipal } from "./detach-thing-principal.ts";
import { listAttachedPolicies } from "./list-attached-policies.ts";
import { listPrincipalThings } from "./list-principal-things.ts";
import { listTargetsForPolicy } from "./list-targets-for-policy.ts";
import { listThingPrincipals } from "./list-thing-principals.ts";
import { listThings } from "./list-things.ts";
import { updateCertificate } from "./update-certificate.ts";

/** The part of the IoT control plane that registers devices. Policies come from the template. */
export const controlPlaneService = (plane: ControlPlane): AwsService =>
  restService({
    name: "IoT",
    // Debian's AWS CLI (botocore of 2022) signs the control plane as execute-api.
    signingNames: ["iot", "execute-api"],
    operations: [
      createThing,
      describeThing,
      deleteThing,
      listThings,
      describeEndpoint,
      createCertificateFromCsr,
      createKeysAndCertificate,
      describeCertificate,
      updateCertificate,
      deleteCertificate,
      attachPolicy,
      detachPolicy,
      listAttachedPolicies,
      listTargetsForPolicy,
      attachThingPrincipal,
      detachThingPrincipal,
      listThingPrincipals,
      listPrincipalThings,
    ],
    context: plane,
    invalid: "InvalidRequestException",
    missing: [
      { name: "UpdateThing", method: "PATCH", path: "/things/{thingName}" },
      {
        name: "ListThingPrincipalsV2",
        method: "GET",
        path: "/things/{thingName}/principals-v2",
      },
      { name: "ListPrincipalThingsV2", method: "GET", path: "/principals/things-v2" },
      { name: "CreatePolicy", method: "POST", path: "/policies/{policyName}" },
      { name: "ListPolicies", method: "GET", path: "/policies" },
      { name: "GetPolicy", method: "GET", path: "/policies/{policyName}" },
      { name: "RegisterCertificate", method: "POST", path: "/certificate/register" },
      { name: "ListCertificates", method: "GET", path: "/certificates" },
      { name: "CreateTopicRule", method: "POST", path: "/rules/{ruleName}" },
      { name: "GetTopicRule", method: "GET", path: "/rules/{ruleName}" },
      { name: "ListTopicRules", method: "GET", path: "/rules" },
    ],
  });
