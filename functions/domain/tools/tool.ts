import type { Scope } from "#domain/access/caller.ts";
import type { ToolArguments } from "./tool-arguments.ts";
import type { ToolProperty } from "./tool-property.ts";

/** One tool: as the gateway lists it, and how its arguments are read. */
export interface Tool<Name extends string = string, Call = unknown> {
  readonly name: Name;
  readonly description: string;
  /** What the caller's token must hold. */
  readonly scope: Scope;
  /** The group to whose people alone it is shown. Whether one of them may use it, the function decides. */
  readonly shownTo?: "operators";
  readonly properties: Readonly<Record<string, ToolProperty>>;
  readonly required: readonly string[];
  /** MCP's hints, which a Lambda target cannot declare; the RESPONSE interceptor adds them to tools/list. */
  readonly annotations: ToolAnnotations;
  /**
   * Makes a call of arguments that fit the properties.
   * @throws HomeError `ArgumentsInvalid` for what properties cannot say
   */
  parse(given: ToolArguments): Call;
}

/** https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations */
export interface ToolAnnotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** The hints of a tool that changes nothing. */
export const LOOKS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;
