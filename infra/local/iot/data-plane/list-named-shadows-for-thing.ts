// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListNamedShadowsForThing.html
import { pageToken, parsePageToken } from "#local/wire/page-token.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryInteger } from "../messages/query.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

const PAGE = { least: 1, most: 100, otherwise: 25 };

/** The names of a thing's named shadows; nothing, without an error, for a thing that has none. */
export const listNamedShadowsForThing: DataPlaneOperation = {
  name: "ListNamedShadowsForThing",
  method: "GET",
  path: "/api/things/shadow/ListNamedShadowsForThing/{thingName}",
  understand: ({ request, parameters }, { arn, shadowTable, nowSeconds }) => {
    const thing = thingNameOf(parameters);
    return {
      permissions: [{ action: "iot:ListNamedShadowsForThing", resource: arn(`thing/${thing}`) }],
      carryOut: () => {
        const size = queryInteger(request, "pageSize", PAGE);
        const after = parsePageToken(request.query.get("nextToken"));
        const names = shadowTable.names(thing, after, size + 1);
        const results = names.slice(0, size);
        const last = results.at(-1);
        return jsonResponse({
          results,
          ...(names.length > size && last !== undefined ? { nextToken: pageToken(last) } : {}),
          timestamp: nowSeconds(),
        });
      },
    };
  },
};
