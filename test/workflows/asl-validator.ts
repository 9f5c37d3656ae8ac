import { createRequire } from "node:module";

// The package brings no types.
const validate: unknown = createRequire(import.meta.url)("asl-validator");

/** What asl-validator has against a definition, one message each. */
export const complaintsAbout = (definition: unknown): readonly string[] => {
  const check = validate as (definition: unknown) => {
    readonly errors: readonly { readonly message: string }[];
  };
  return check(definition).errors.map((error) => error.message);
};
