// https://docs.aws.amazon.com/iot/latest/apireference/API_ListThings.html
import { AwsError } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryPage } from "../messages/query.ts";
import type { ControlPlaneOperation } from "./control-plane.ts";

const PAGE = { name: "maxResults", least: 1, most: 250, otherwise: 250 };

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
      const { items, next } = queryPage(request, PAGE, plane.things.page, ({ name }) => name);
      return jsonResponse({
        things: items.map(({ name, attributes, version }) => ({
          thingName: name,
          thingArn: plane.arn(`thing/${name}`),
          attributes,
          version,
        })),
        ...(next === undefined ? {} : { nextToken: next }),
      });
    },
  }),
};
