import { expect, test } from "vitest";
import { filterFault, topicFault, topicMatcher } from "#local/iot/messages/topic.ts";
import { isShadowResponseTopic, parseShadowRequestTopic } from "#local/iot/shadows/shadow-topic.ts";

test.for([
  ["a/b", "a/b", true],
  ["a/+", "a/b", true],
  ["a/+", "a", false],
  ["a/+", "a/", true],
  ["a/#", "a", true],
  ["a/#", "a/b/c", true],
  ["a/#", "b", false],
  ["#", "a/b", true],
  ["#", "$aws/things/x", false],
  ["+/things/x", "$aws/things/x", false],
  ["$aws/things/+/shadow/update/accepted", "$aws/things/x/shadow/update/accepted", true],
  ["$aws/things/+/shadow/update/accepted", "$aws/things/x/shadow/name/y/update/accepted", false],
  ["$aws/#", "$aws/things/x", true],
] as const)("%s on %s: %s", ([filter, topic, matches]) => {
  expect(topicMatcher(filter)(topic)).toBe(matches);
});

test.for([
  ["a".repeat(256), true],
  ["a".repeat(257), false],
  ["é".repeat(128), true],
  ["é".repeat(129), false],
  ["a/b/c/d/e/f/g/h", true],
  ["a/b/c/d/e/f/g/h/i", false],
  ["", false],
  ["a/+", false],
] as const)("a topic of AWS's limits: %s", ([topic, good]) => {
  expect(topicFault(topic) === undefined).toBe(good);
});

test.for([
  ["a/+/c", true],
  ["a/b+", false],
  ["a/#/c", false],
  ["#", true],
  ["a#", false],
] as const)("a filter of MQTT's form: %s", ([filter, good]) => {
  expect(filterFault(filter) === undefined).toBe(good);
});

test.for([
  ["$aws/things/lamp/shadow/update", { id: { thing: "lamp" }, operation: "update" }],
  ["$aws/things/lamp/shadow/name/n/get", { id: { thing: "lamp", shadow: "n" }, operation: "get" }],
  ["$aws/things/la mp/shadow/update", undefined],
  [`$aws/things/${"x".repeat(129)}/shadow/update`, undefined],
  ["$aws/things/lamp/shadow/update/accepted", undefined],
  ["$aws/things/lamp/shadow/other", undefined],
  ["x/aws/things/lamp/shadow/update", undefined],
] as const)("what a topic asks of the shadow service: %s", ([topic, request]) => {
  expect(parseShadowRequestTopic(topic)).toEqual(request);
});

test.for([
  ["$aws/things/lamp/shadow/update/accepted", true],
  ["$aws/things/lamp/shadow/update/delta", true],
  ["$aws/things/lamp/shadow/name/n/update/documents", true],
  ["$aws/things/lamp/shadow/get/delta", false],
  ["$aws/things/lamp/shadow/update", false],
] as const)("only the shadow service speaks on %s: %s", ([topic, response]) => {
  expect(isShadowResponseTopic(topic)).toBe(response);
});
