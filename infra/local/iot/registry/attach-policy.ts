// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachPolicy.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { bodyText, principalOf, requirePolicy } from "./principal.ts";

/** Attaches a policy of the template to a certificate. The same again changes nothing. */
export const attachPolicy = (plane: ControlPlane): Operation => ({
  name: "AttachPolicy",
  method: "PUT",
  path: "/target-policies/{policyName}",
  permissions: (_parameters, request) => [
    { action: "iot:AttachPolicy", resource: bodyText(request, "target") },
  ],
  handle: async (parameters, request) => {
    const policy = parameters("policyName");
    requirePolicy(plane, policy);
    const { id } = principalOf(plane, bodyText(request, "target"));
    plane.certificates.policies.attach(id, policy);
    await plane.settled();
    return jsonResponse({});
  },
});
