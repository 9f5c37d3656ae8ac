import { aws_bedrockagentcore as agentcore } from "aws-cdk-lib";
import type { Tool } from "#domain/tools/tool.ts";
import type { ToolProperty } from "#domain/tools/tool-property.ts";

const { ARRAY, INTEGER, OBJECT, STRING } = agentcore.SchemaDefinitionType;

const TYPES: Readonly<
  Record<"string" | "array" | "object" | "integer", agentcore.SchemaDefinitionType>
> = {
  string: STRING,
  array: ARRAY,
  object: OBJECT,
  integer: INTEGER,
};

/** A tool as the gateway's Lambda target wants it: type, properties, required, items, description, and no more. */
export const toolDefinition = (tool: Tool): agentcore.ToolDefinition => ({
  name: tool.name,
  description: tool.description,
  inputSchema: {
    type: OBJECT,
    properties: Object.fromEntries(
      Object.entries(tool.properties).map(([name, property]) => [name, definition(property)]),
    ),
    ...(tool.required.length === 0 ? {} : { required: [...tool.required] }),
  },
});

const definition = (property: ToolProperty): agentcore.SchemaDefinition => ({
  type: TYPES[property.type],
  description: property.description,
  ...(property.items === undefined ? {} : { items: itemsOf(property.items) }),
});

const itemsOf = (items: NonNullable<ToolProperty["items"]>): agentcore.SchemaDefinition =>
  items.type === "string"
    ? { type: STRING }
    : {
        type: OBJECT,
        properties: Object.fromEntries(
          Object.entries(items.properties).map(([name, { type, description }]) => [
            name,
            { type: TYPES[type], description },
          ]),
        ),
        required: [...items.required],
      };
