// https://docs.aws.amazon.com/iot/latest/apireference/API_ListAttachedPolicies.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { principalOf } from "./principal.ts";

/** The policies of a certificate, all on one page: AWS attaches ten at most. */
export const listAttachedPolicies: ControlPlaneOperation = {
  name: "ListAttachedPolicies",
  method: "POST",
  path: "/attached-policies/{target+}",
  understand: ({ parameters }, plane) => ({
    permissions: [{ action: "iot:ListAttachedPolicies", resource: "*" }],
    carryOut: () => {
      const { id } = principalOf(plane, parameters("target"));
      return jsonResponse({
        policies: plane.certificates.policies.of(id).map((policyName) => ({
          policyName,
          policyArn: plane.arn(`policy/${policyName}`),
        })),
      });
    },
  }),
};
