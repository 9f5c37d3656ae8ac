import { isObject, type JsonObject } from "#local/wire/json.ts";
import type { Assign } from "./asl.ts";
import { compilePath, compilePathTemplate } from "./compile-path-state.ts";
import { compileTemplate } from "./compile-template.ts";
import type { QueryLanguage } from "./query-language.ts";
import type { Template } from "./template.ts";

/** Prepares the fields of one state, or of one of its rules or catchers, in the state's language. */
export class FieldCompiler {
  readonly #from: JsonObject;
  readonly #language: QueryLanguage;
  readonly #prefix: string;

  /** `prefix` stands before a field's name in AWS's texts, e.g. `Choices[0]/`. */
  constructor(from: JsonObject, language: QueryLanguage, prefix = "") {
    this.#from = from;
    this.#language = language;
    this.#prefix = prefix;
  }

  /** A field whose value may be an expression; in JSONPath `<field>Path` holds a path instead. */
  value(field: string): Template | undefined {
    const value = this.#from[field];
    if (this.#language === "JSONata") {
      return value === undefined ? undefined : compileTemplate(value, this.#prefix + field);
    }
    const path = this.#from[`${field}Path`];
    if (path !== undefined) return compilePath(path, `${field}Path`);
    return value === undefined ? undefined : { kind: "constant", value };
  }

  /** A field that is called one thing in JSONata and another, a payload template, in JSONPath. */
  template(jsonata: string, jsonPath: string): Template | undefined {
    const value = this.#from[this.#language === "JSONata" ? jsonata : jsonPath];
    if (value === undefined) return undefined;
    return this.#language === "JSONata"
      ? compileTemplate(value, this.#prefix + jsonata)
      : compilePathTemplate(value);
  }

  assign(): Assign | undefined {
    const { Assign: assign } = this.#from;
    if (!isObject(assign)) return undefined;
    return Object.entries(assign).map(([name, value]) => {
      if (this.#language === "JSONata") {
        return [name, compileTemplate(value, `${this.#prefix}Assign/${name}`)] as const;
      }
      return name.endsWith(".$")
        ? ([name.slice(0, -2), compilePath(value, name)] as const)
        : ([name, compilePathTemplate(value)] as const);
    });
  }
}
