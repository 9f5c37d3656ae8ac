// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachPolicy.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { bodyText, principalOf, requirePolicy } from "./principal.ts";

/** Attaches a policy of the template to a certificate. The same again changes nothing. */
export const attachPolicy: ControlPlaneOperation = {
  name: "AttachPolicy",
  method: "PUT",
  path: "/target-policies/{policyName}",
  understand: ({ request, parameters }, plane) => {
    const target = bodyText(request, "target");
    return {
      permissions: [{ action: "iot:AttachPolicy", resource: target }],
      carryOut: async () => {
        const policy = parameters("policyName");
        requirePolicy(plane, policy);
        const { id } = principalOf(plane, target);
        plane.certificates.policies.attach(id, policy);
        await plane.settled();
        return jsonResponse({});
      },
    };
  },
};
