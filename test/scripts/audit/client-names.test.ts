import { expect, test } from "vitest";
import { withClientNames } from "../../../scripts/audit/client-names.ts";

test("the stack's clients are told by their names, and another by its id", () => {
  const outputs = new Map([
    ["MachineClientId", "machine1machine1machine1ma"],
    ["ClaudeWebClientId", "claude11claude11claude11cl"],
    ["LocalClientId", "local111local111local111lo"],
    ["ConsoleClientId", "console1console1console1co"],
  ]);
  const told = withClientNames({ output: (name) => outputs.get(name) ?? "" });

  const line = told(
    "run_a  goodnight  requested by machine1machine1machine1ma, through the client machine1machine1machine1ma",
  );

  expect(line).toBe(
    "run_a  goodnight  requested by smarthome-gateway-client, through the client smarthome-gateway-client",
  );
  expect(told("through the client other111")).toBe("through the client other111");
});
