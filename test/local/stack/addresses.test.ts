import { expect, test } from "vitest";
import { createAddresses } from "#local/stack/addresses.ts";

test("what begins with a known address is found here, and nothing else is touched", () => {
  const addresses = createAddresses();
  addresses.add("https://pool.auth.example", "http://localhost:1");
  addresses.add("https://gateway.example/mcp", "http://localhost:2/mcp");

  const found = [
    "https://pool.auth.example",
    "https://pool.auth.example/oauth2/token",
    "https://gateway.example/mcp",
    "https://pool.auth.example.org/oauth2/token",
    "see https://pool.auth.example",
    "",
  ].map(addresses.here);

  expect(found).toEqual([
    "http://localhost:1",
    "http://localhost:1/oauth2/token",
    "http://localhost:2/mcp",
    "https://pool.auth.example.org/oauth2/token",
    "see https://pool.auth.example",
    "",
  ]);
});

test("an address is unknown until its service has started", () => {
  const addresses = createAddresses();

  expect(addresses.here("https://gateway.example/mcp")).toBe("https://gateway.example/mcp");
});
