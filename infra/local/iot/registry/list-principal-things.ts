// https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThings.html

import { jsonResponse, type Operation } from "#local/wire/rest-service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { principalOf } from "./principal.ts";

/** The things of a certificate, all on one page. */
export const listPrincipalThings = (plane: ControlPlane): Operation => ({
  name: "ListPrincipalThings",
  method: "GET",
  path: "/principals/things",
  permissions: () => [{ action: "iot:ListPrincipalThings", resource: "*" }],
  handle: async (_parameters, request) => {
    const { id } = principalOf(plane, request.headers["x-amzn-principal"] ?? "");
    return jsonResponse({ things: plane.certificates.things.of(id) });
  },
});
