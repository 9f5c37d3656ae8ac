import type { Scope } from "#domain/access/caller.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";

/** The JSON Schema subset of an AgentCore Lambda target: no enum, no defaults, no annotations. */
export interface ToolProperty {
  readonly type: "string" | "array";
  readonly description: string;
  /** Of an array. */
  readonly items?: { readonly type: "string" };
}

/** One tool as the gateway lists it. */
export interface Tool {
  readonly name: ToolName;
  readonly description: string;
  /** What the caller's token must hold. */
  readonly scope: Scope;
  readonly properties: Readonly<Record<string, ToolProperty>>;
  readonly required: readonly string[];
  /** MCP's hints, which a Lambda target cannot declare; the RESPONSE interceptor adds them to tools/list. */
  readonly annotations: ToolAnnotations;
}

/** https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations */
export interface ToolAnnotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

const LOOKS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

export type ToolName = "get_home" | "plan_scene" | "run_scene" | "get_run";

const EXCEPT: ToolProperty = {
  type: "array",
  items: { type: "string" },
  description: 'Devices to leave out, by name or id, e.g. ["Hall lamp"].',
};
const SCENE: ToolProperty = {
  type: "string",
  description: "The scene's name or alias; case and spaces do not matter.",
};
const DETAIL: ToolProperty = {
  type: "string",
  description: '"brief" (default) or "full".',
};

/** The household's tools, in the order in which they are listed. */
export const TOOLS: readonly Tool[] = [
  {
    name: "get_home",
    scope: "read",
    description:
      'Lists the rooms, devices and scenes of the home by the names that other tools take. Changes nothing. "full" adds each scene\'s stages and each device\'s aliases. Example: {"detail":"brief"}',
    properties: { detail: DETAIL },
    required: [],
    annotations: { title: "Show the home", ...LOOKS },
  },
  {
    name: "plan_scene",
    scope: "read",
    description:
      'Dry run: says what run_scene would ask of each device, stage by stage, and the hash of that plan. Sends nothing. Example: {"scene":"goodnight","except":["Hall lamp"]}',
    properties: { scene: SCENE, except: EXCEPT },
    required: ["scene"],
    annotations: { title: "Plan a scene", ...LOOKS },
  },
  {
    name: "run_scene",
    scope: "write",
    description:
      'Runs a scene and waits for each device\'s own acknowledgement (seconds; up to a few minutes for covers). The result counts what devices confirmed and lists each device that is not as asked, with the next step. Repeat its "say" to the user; never claim more. Pass the same request_id when you repeat a call, so that nothing is sent twice. Example: {"scene":"goodnight","request_id":"9f1c2a","reason":"going to bed"}',
    properties: {
      scene: SCENE,
      request_id: {
        type: "string",
        description:
          "Your own id of this request, up to 64 characters. The same id gives the same run.",
      },
      except: EXCEPT,
      reason: {
        type: "string",
        description: "Why, in the user's words, up to 200 characters; kept in the audit record.",
      },
    },
    required: ["scene"],
    // A scene may lock a door or close a garage: a client does well to ask first.
    annotations: {
      title: "Run a scene",
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: false,
    },
  },
  {
    name: "get_run",
    scope: "read",
    description:
      'Tells how a run fares or fared, also while it is going on and after late answers. Give run_id, or the request_id that you passed to run_scene. "full" lists every device. Example: {"run_id":"run_0123456789abcdefghjk","detail":"full"}',
    properties: {
      run_id: { type: "string", description: "The run_id of a result." },
      request_id: { type: "string", description: "The request_id of your own run_scene call." },
      detail: DETAIL,
    },
    required: [],
    annotations: { title: "Show a run", ...LOOKS },
  },
];

/** What a tool is called with, read and checked. */
export type ToolCall =
  | { readonly tool: "get_home"; readonly detail: Detail }
  | { readonly tool: "plan_scene"; readonly scene: string; readonly except: readonly string[] }
  | {
      readonly tool: "run_scene";
      readonly scene: string;
      readonly except: readonly string[];
      readonly requestId?: string;
      readonly reason?: string;
    }
  | {
      readonly tool: "get_run";
      readonly runId?: string;
      readonly requestId?: string;
      readonly detail: Detail;
    };

export type Detail = "brief" | "full";

/** Longest texts that an argument may hold, in characters. */
const LONGEST: Readonly<Record<string, number>> = { reason: 200 };
const LONGEST_NAME = 64;
const MOST_DEVICES = 250;

/** The tool of that name. @throws HomeError `ToolUnknown` with the known ones. */
export const toolNamed = (name: string): Tool => {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) {
    throw new HomeError(
      "ToolUnknown",
      `No tool is called ${shown(name)}; known: ${TOOLS.map((one) => one.name).join(", ")}. Nothing was changed.`,
    );
  }
  return tool;
};

/**
 * Reads a tool's arguments strictly: nothing unknown, nothing missing, nothing empty, nothing of another type.
 * @throws HomeError `ArgumentsInvalid`, naming the argument and what it must be.
 */
export const parseToolCall = (name: string, value: unknown): ToolCall => {
  const tool = toolNamed(name);
  const wrong = (what: string): HomeError =>
    new HomeError("ArgumentsInvalid", `${tool.name}: ${what} Nothing was changed.`);
  if (!isObject(value)) throw wrong("the arguments must be an object.");
  for (const [argument, given] of Object.entries(value)) {
    const property = Object.hasOwn(tool.properties, argument)
      ? tool.properties[argument]
      : undefined;
    if (property === undefined) {
      throw wrong(
        `there is no argument ${shown(argument)}; there are ${Object.keys(tool.properties).join(", ")}.`,
      );
    }
    const problem = problemWith(argument, property, given);
    if (problem !== undefined) throw wrong(problem);
  }
  const missing = tool.required.find((argument) => value[argument] === undefined);
  if (missing !== undefined) throw wrong(`"${missing}" is missing.`);
  return toToolCall(tool.name, value as unknown as Arguments, wrong);
};

const problemWith = (
  argument: string,
  property: ToolProperty,
  given: unknown,
): string | undefined => {
  if (property.type === "string") {
    if (typeof given !== "string") return `"${argument}" must be a text.`;
    const problem = problemWithText(given, LONGEST[argument] ?? LONGEST_NAME);
    return problem === undefined ? undefined : `"${argument}" ${problem}.`;
  }
  if (!Array.isArray(given)) return `"${argument}" must be a list of texts.`;
  if (given.length > MOST_DEVICES) return `"${argument}" has more than ${MOST_DEVICES} names.`;
  for (const item of given as readonly unknown[]) {
    if (typeof item !== "string") return `"${argument}" must be a list of texts.`;
    const problem = problemWithText(item, LONGEST_NAME);
    if (problem !== undefined) return `"${argument}" has a name that ${problem}.`;
  }
  return undefined;
};

const problemWithText = (text: string, longest: number): string | undefined => {
  if (text.trim() === "") return "is empty";
  if (text.length > longest) return `is longer than ${longest} characters`;
  return isPrintable(text) ? undefined : "has a character that cannot be seen";
};

interface Arguments {
  readonly scene: string;
  readonly except?: readonly string[];
  readonly request_id?: string;
  readonly run_id?: string;
  readonly reason?: string;
  readonly detail?: string;
}

const toToolCall = (
  tool: ToolName,
  value: Arguments,
  wrong: (what: string) => HomeError,
): ToolCall => {
  const detail = (): Detail => {
    const given = value.detail ?? "brief";
    if (given !== "brief" && given !== "full") throw wrong('"detail" must be "brief" or "full".');
    return given;
  };
  const requestId = value.request_id === undefined ? {} : { requestId: value.request_id };
  switch (tool) {
    case "get_home":
      return { tool, detail: detail() };
    case "plan_scene":
      return { tool, scene: value.scene, except: value.except ?? [] };
    case "run_scene":
      return {
        tool,
        scene: value.scene,
        except: value.except ?? [],
        ...requestId,
        ...(value.reason === undefined ? {} : { reason: value.reason }),
      };
    case "get_run":
      if ((value.run_id === undefined) === (value.request_id === undefined)) {
        throw wrong('give either "run_id" or "request_id".');
      }
      return {
        tool,
        ...(value.run_id === undefined ? {} : { runId: value.run_id }),
        ...requestId,
        detail: detail(),
      };
  }
};
