import type { JsonObject } from "#local/wire/json.ts";

/** In which language a state reads its data. */
export type QueryLanguage = "JSONata" | "JSONPath";

/** A state's own language, else that of the whole machine. Maps and Parallels do not hand theirs down. */
export const languageOf = (state: JsonObject, machine: QueryLanguage): QueryLanguage =>
  state.QueryLanguage === "JSONata" || state.QueryLanguage === "JSONPath"
    ? state.QueryLanguage
    : machine;
