import { expect, test } from "vitest";
import { mcpUrl } from "../../../scripts/devices/stack-outputs.ts";

test.each([
  ["https://gw.example", "https://gw.example/mcp"],
  ["https://gw.example/", "https://gw.example/mcp"],
  ["https://gw.example/mcp", "https://gw.example/mcp"],
  ["https://gw.example/mcp/", "https://gw.example/mcp"],
])("a gateway that CloudFormation calls %s is called at %s", (told, url) => {
  expect(mcpUrl(told)).toBe(url);
});
