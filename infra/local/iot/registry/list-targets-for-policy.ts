// https://docs.aws.amazon.com/iot/latest/apireference/API_ListTargetsForPolicy.html
import { AwsError } from "#local/wire/aws-service.ts";
import { pageByName } from "#local/wire/page.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryInteger } from "../messages/query.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { certificateArn, requirePolicy } from "./principal.ts";

const PAGE = { least: 1, most: 250, otherwise: 250 };

/** The certificates that a policy of the template is attached to. */
export const listTargetsForPolicy: ControlPlaneOperation = {
  name: "ListTargetsForPolicy",
  method: "POST",
  path: "/policy-targets/{policyName}",
  understand: ({ request, parameters }, plane) => {
    const policy = parameters("policyName");
    return {
      permissions: [
        { action: "iot:ListTargetsForPolicy", resource: plane.arn(`policy/${policy}`) },
      ],
      carryOut: () => {
        requirePolicy(plane, policy);
        const all = plane.certificates.policies.certificatesOf(policy);
        const { items, next } = pageByName(
          (after, limit) => all.filter((id) => id > after).slice(0, limit),
          (id) => id,
          {
            size: queryInteger(request, "pageSize", PAGE),
            token: request.query.get("marker") ?? undefined,
            invalidToken: () =>
              new AwsError("InvalidRequestException", "marker is not one that a page ended with"),
          },
        );
        return jsonResponse({
          targets: items.map((id) => certificateArn(plane, id)),
          ...(next === undefined ? {} : { nextMarker: next }),
        });
      },
    };
  },
};
