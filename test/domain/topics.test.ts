import { expect, test } from "vitest";
import {
  lastWillTopic,
  shadowDeltaTopic,
  shadowGetAcceptedTopic,
  shadowGetRejectedTopic,
  shadowGetTopic,
  shadowUpdateAcceptedTopic,
  shadowUpdateRejectedTopic,
  shadowUpdateTopic,
} from "#domain/topics.ts";

test.each([
  [shadowUpdateTopic("door-1"), "$aws/things/door-1/shadow/update"],
  [shadowDeltaTopic("door-1"), "$aws/things/door-1/shadow/update/delta"],
  [shadowUpdateAcceptedTopic("door-1"), "$aws/things/door-1/shadow/update/accepted"],
  [shadowUpdateRejectedTopic("door-1"), "$aws/things/door-1/shadow/update/rejected"],
  [shadowGetTopic("door-1"), "$aws/things/door-1/shadow/get"],
  [shadowGetAcceptedTopic("door-1"), "$aws/things/door-1/shadow/get/accepted"],
  [shadowGetRejectedTopic("door-1"), "$aws/things/door-1/shadow/get/rejected"],
  [lastWillTopic("door-1"), "smarthome/door-1/last-will"],
])("%s is the topic that AWS reserves, or the will's own", (topic, expected) => {
  expect(topic).toBe(expected);
});
