// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListRetainedMessages.html
import { notEmulated } from "#local/wire/aws-service.ts";
import { pageToken, parsePageToken } from "#local/wire/page-token.ts";
import { jsonResponse } from "#local/wire/rest-service.ts";
import { queryInteger } from "../messages/query.ts";
import type { DataPlaneOperation } from "./data-plane.ts";

const PAGE = { least: 1, most: 200, otherwise: 200 };

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
      const size = queryInteger(request, "maxResults", PAGE);
      const after = parsePageToken(request.query.get("nextToken"));
      const found = retained.page(after, size + 1);
      const shown = found.slice(0, size);
      const last = shown.at(-1);
      return jsonResponse({
        retainedTopics: shown.map(({ topic, payload, qos, modifiedMs }) => ({
          topic,
          payloadSize: payload.length,
          qos,
          lastModifiedTime: modifiedMs,
        })),
        ...(found.length > size && last !== undefined ? { nextToken: pageToken(last.topic) } : {}),
      });
    },
  }),
};
