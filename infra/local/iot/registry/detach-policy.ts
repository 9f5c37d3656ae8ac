// https://docs.aws.amazon.com/iot/latest/apireference/API_DetachPolicy.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { bodyText, principalOf } from "./principal.ts";

/** Takes a policy off a certificate, also one that is not attached. */
export const detachPolicy = (plane: ControlPlane): Operation => ({
  name: "DetachPolicy",
  method: "POST",
  path: "/target-policies/{policyName}",
  permissions: (_parameters, request) => [
    { action: "iot:DetachPolicy", resource: bodyText(request, "target") },
  ],
  handle: async (parameters, request) => {
    const { id } = principalOf(plane, bodyText(request, "target"));
    plane.certificates.policies.detach(id, parameters("policyName"));
    await plane.settled();
    return jsonResponse({});
  },
});
