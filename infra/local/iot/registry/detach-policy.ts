// https://docs.aws.amazon.com/iot/latest/apireference/API_DetachPolicy.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { bodyText, principalOf } from "./principal.ts";

/** Takes a policy off a certificate, also one that is not attached. */
export const detachPolicy: ControlPlaneOperation = {
  name: "DetachPolicy",
  method: "POST",
  path: "/target-policies/{policyName}",
  understand: ({ request, parameters }, plane) => {
    const target = bodyText(request, "target");
    return {
      permissions: [{ action: "iot:DetachPolicy", resource: target }],
      carryOut: async () => {
        const { id } = principalOf(plane, target);
        plane.certificates.policies.detach(id, parameters("policyName"));
        await plane.settled();
        return jsonResponse({});
      },
    };
  },
};
