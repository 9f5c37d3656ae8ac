// https://docs.aws.amazon.com/iot/latest/apireference/API_ListThings.html
import { AwsError } from "#local/wire/aws-service.ts";
import { pageToken, parsePageToken } from "#local/wire/page-token.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryInteger } from "../messages/query.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";

const PAGE = { least: 1, most: 250, otherwise: 250 };

/** The things of the registry; filters are refused. */
export const listThings: ControlPlaneOperation = {
  name: "ListThings",
  method: "GET",
  path: "/things",
  understand: ({ request }, plane) => ({
    permissions: [{ action: "iot:ListThings", resource: "*" }],
    carryOut: () => {
      for (const name of request.query.keys()) {
        if (name !== "maxResults" && name !== "nextToken") {
          throw new AwsError("InvalidRequestException", `The filter ${name} is not imitated`);
        }
      }
      const size = queryInteger(request, "maxResults", PAGE);
      const found = plane.things.page(parsePageToken(request.query.get("nextToken")), size + 1);
      const shown = found.slice(0, size);
      const last = shown.at(-1);
      return jsonResponse({
        things: shown.map(({ name, attributes, version }) => ({
          thingName: name,
          thingArn: plane.arn(`thing/${name}`),
          attributes,
          version,
        })),
        ...(found.length > size && last !== undefined ? { nextToken: pageToken(last.name) } : {}),
      });
    },
  }),
};
