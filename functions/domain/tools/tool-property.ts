/** The JSON Schema subset of an AgentCore Lambda target: no enum, no defaults, no annotations. */
export interface ToolProperty {
  readonly type: "string" | "array" | "integer";
  readonly description: string;
  /** Of an array: texts, or objects of texts. */
  readonly items?: { readonly type: "string" } | ObjectItems;
  /** How many characters a text may have, where it is not a name's 64. The schema cannot say it; the reading does. */
  readonly longest?: number;
  /** It is a text of its own, with lines; whoever reads it looks at its letters. */
  readonly isDocument?: true;
}

/** The items of an array of objects. */
export interface ObjectItems {
  readonly type: "object";
  readonly properties: Readonly<
    Record<string, { readonly type: "string" | "object"; readonly description: string }>
  >;
  readonly required: readonly string[];
}
