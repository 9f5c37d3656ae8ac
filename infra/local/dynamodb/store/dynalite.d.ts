// biome-ignore-all lint/plugin: an ambient module is none any more once the file has an import statement.
// The parts of dynalite 4.0.0 that are used here. It has no types of its own.

declare module "dynalite/db/index.js" {
  const db: import("./dynalite-types.ts").DynaliteRules;
  export default db;
}

declare module "dynalite/validations/index.js" {
  const validations: import("./dynalite-types.ts").DynaliteValidations;
  export default validations;
}

declare module "dynalite/validations/*.js" {
  const check: import("./dynalite-types.ts").RequestCheck;
  export default check;
}

declare module "dynalite/actions/*.js" {
  const action: import("./dynalite-types.ts").DynaliteAction;
  export default action;
}
