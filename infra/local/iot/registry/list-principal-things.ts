// https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThings.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";
import { principalHeader, principalOf } from "./principal.ts";

/** The things of a certificate, all on one page. */
export const listPrincipalThings: ControlPlaneOperation = {
  name: "ListPrincipalThings",
  method: "GET",
  path: "/principals/things",
  understand: ({ request }, plane) => ({
    permissions: [{ action: "iot:ListPrincipalThings", resource: "*" }],
    carryOut: () => {
      const { id } = principalOf(plane, principalHeader(request));
      return jsonResponse({ things: plane.certificates.things.of(id) });
    },
  }),
};
