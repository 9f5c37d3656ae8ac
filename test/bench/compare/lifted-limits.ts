import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LIMIT = "AWS::BedrockAgentCore::GatewayRateLimit";
// The most that AWS takes.
const RATE = 10_000_000;

/** Lifts what one caller may ask of the gateway in the templates of an assembly: it would be what is measured. */
export const liftLimits = (assembly: string): string => {
  for (const name of readdirSync(assembly).filter((file) => file.endsWith(".template.json"))) {
    const file = join(assembly, name);
    writeFileSync(file, JSON.stringify(lifted(parseTemplate(readFileSync(file, "utf8")))));
  }
  return assembly;
};

const parseTemplate = (text: string): Template => JSON.parse(text) as Template;

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly Entries: readonly { readonly Requests: readonly object[] }[] };
}

const lifted = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [
      id,
      resource.Type === LIMIT ? liftedLimit(resource) : resource,
    ]),
  ),
});

const liftedLimit = (limit: Resource): Resource => ({
  ...limit,
  Properties: {
    ...limit.Properties,
    Entries: limit.Properties.Entries.map((entry) => ({
      ...entry,
      Requests: entry.Requests.map((request) => ({ ...request, Rate: RATE })),
    })),
  },
});
