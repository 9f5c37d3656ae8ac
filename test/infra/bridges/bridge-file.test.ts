import { expect, test } from "vitest";
import { parseBridgeFile } from "#bridges/core/bridge-file.ts";
import { codeOf, messageOf } from "../../domain/code-of.ts";

test("a bridge's file needs no more than where its hub is", () => {
  expect(parseBridgeFile({ url: "mqtt://localhost:1883" })).toEqual({
    url: "mqtt://localhost:1883",
    home: "home",
    baseTopic: "zigbee2mqtt",
    devices: {},
  });
});

test.each([
  ["a password", { url: "mqtt://h", password: "x" }, "passwordFile"],
  ["a password in its url", { url: "mqtt://me:secret@h" }, "passwordFile"],
  ["no url", {}, "url must be"],
  ["a member that there is not", { url: "mqtt://h", topic: "x" }, '"topic"'],
  [
    "one address for two devices",
    { url: "mqtt://h", devices: { a: "0x1", b: "0x1" } },
    "two devices",
  ],
  ["an address that is no text", { url: "mqtt://h", devices: { a: 1 } }, '"a"'],
])("a bridge's file with %s is refused", (_what, file, words) => {
  const reading = () => parseBridgeFile(file);

  expect(codeOf(reading)).toBe("ArgumentsInvalid");
  expect(messageOf(reading)).toContain(words);
});
