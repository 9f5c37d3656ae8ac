// https://docs.aws.amazon.com/iot/latest/apireference/API_ListAttachedPolicies.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { principalOf } from "./principal.ts";

/** The policies of a certificate, all on one page: AWS attaches ten at most. */
export const listAttachedPolicies = (plane: ControlPlane): Operation => ({
  name: "ListAttachedPolicies",
  method: "POST",
  path: "/attached-policies/{target+}",
  permissions: () => [{ action: "iot:ListAttachedPolicies", resource: "*" }],
  handle: async (parameters) => {
    const { id } = principalOf(plane, parameters("target"));
    return jsonResponse({
      policies: plane.certificates.policies.of(id).map((policyName) => ({
        policyName,
        policyArn: plane.arn(`policy/${policyName}`),
      })),
    });
  },
});
