// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListNamedShadowsForThing.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryPage } from "../messages/query.ts";
import { thingNameOf } from "../shadows/shadow-http.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

const PAGE = { name: "pageSize", least: 1, most: 100, otherwise: 25 };

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
        const { items, next } = queryPage(
          request,
          PAGE,
          (after, limit) => shadowTable.names(thing, after, limit),
          (name) => name,
        );
        return jsonResponse({
          results: items,
          ...(next === undefined ? {} : { nextToken: next }),
          timestamp: nowSeconds(),
        });
      },
    };
  },
};
