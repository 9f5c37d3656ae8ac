import type { Registry } from "../devices/registry.ts";

// The app clients of the stack, by the output that has the id that Cognito gave each.
const CLIENTS = [
  ["MachineClientId", "smarthome-gateway-client"],
  ["ClaudeWebClientId", "smarthome-claude-web-client"],
  ["LocalClientId", "smarthome-local-client"],
  ["ConsoleClientId", "smarthome-console-client"],
] as const;

/** A line for people: the stack's own clients by their names. Records hold the ids, which tokens carry. */
export const withClientNames = (registry: Pick<Registry, "output">): ((line: string) => string) => {
  const names = CLIENTS.map(([output, name]) => [registry.output(output), name] as const);
  return (line) => names.reduce((text, [id, name]) => text.replaceAll(id, name), line);
};
