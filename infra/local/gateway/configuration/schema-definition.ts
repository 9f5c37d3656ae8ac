// https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SchemaDefinition.html
import * as z from "zod";

/** The only schema words that a Lambda target knows: no enum, no default, no additionalProperties. */
export interface SchemaDefinition {
  readonly Type: "string" | "number" | "object" | "array" | "boolean" | "integer";
  readonly Description?: string | undefined;
  readonly Properties?: Readonly<Record<string, SchemaDefinition>> | undefined;
  readonly Required?: readonly string[] | undefined;
  readonly Items?: SchemaDefinition | undefined;
}

/** Reads a schema definition and refuses every other word. */
export const schemaDefinition: z.ZodType<SchemaDefinition> = z.lazy(() =>
  z.strictObject({
    Type: z.enum(["string", "number", "object", "array", "boolean", "integer"]),
    Description: z.string().optional(),
    Properties: z.record(z.string(), schemaDefinition).optional(),
    Required: z.array(z.string()).optional(),
    Items: schemaDefinition.optional(),
  }),
);

/** The same as JSON Schema. The names of properties stay as they are. */
export const jsonSchemaOf = (definition: SchemaDefinition): Readonly<Record<string, unknown>> => ({
  type: definition.Type,
  ...(definition.Description === undefined ? {} : { description: definition.Description }),
  ...(definition.Properties === undefined
    ? {}
    : {
        properties: Object.fromEntries(
          Object.entries(definition.Properties).map(([name, of]) => [name, jsonSchemaOf(of)]),
        ),
      }),
  ...(definition.Required === undefined ? {} : { required: definition.Required }),
  ...(definition.Items === undefined ? {} : { items: jsonSchemaOf(definition.Items) }),
});
