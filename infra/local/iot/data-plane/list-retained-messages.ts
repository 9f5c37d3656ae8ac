// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListRetainedMessages.html
import { notEmulated } from "#local/wire/aws-service.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryPage } from "../messages/query.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

const PAGE = { name: "maxResults", least: 1, most: 200, otherwise: 200 };

/** The retained messages, without their payloads. */
export const listRetainedMessages: DataPlaneOperation = {
  name: "ListRetainedMessages",
  method: "GET",
  path: "/retainedMessage",
  understand: ({ request }, { retained }) => ({
    permissions: [{ action: "iot:ListRetainedMessages", resource: "*" }],
    carryOut: () => {
      if (retained === undefined) {
        throw notEmulated("IoT data plane with an external broker", "ListRetainedMessages");
      }
      const { items, next } = queryPage(request, PAGE, retained.page, ({ topic }) => topic);
      return jsonResponse({
        retainedTopics: items.map(({ topic, payload, qos, modifiedMs }) => ({
          topic,
          payloadSize: payload.length,
          qos,
          lastModifiedTime: modifiedMs,
        })),
        ...(next === undefined ? {} : { nextToken: next }),
      });
    },
  }),
};
