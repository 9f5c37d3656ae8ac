// https://docs.jsonata.org/string-functions#base64encode, but AWS refuses what is no base64.
import { InternalError } from "./evaluation-error.ts";
import { JsonataError } from "./jsonata-error.ts";

// Padding may be left out, as for States.Base64Decode on AWS, but not half of it.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** $base64decode: each byte becomes one character. Measured on AWS: "!!!" is an internal error. */
export const base64decode = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  if (!BASE64.test(text)) throw new InternalError("$base64decode of what is no base64");
  return Buffer.from(text, "base64").toString("latin1");
};

/** $base64encode: each character is one byte, as JSONata documents it; it would cut others to their lower half. */
export const base64encode = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  const wide = /[^\0-\xff]/u.exec(text)?.[0];
  if (wide !== undefined) {
    throw new JsonataError(
      "D3000",
      `NotEmulated: $base64encode of "${wide}". JSONata encodes characters up to U+00FF only, and what AWS answers is not known.`,
    );
  }
  return Buffer.from(text, "latin1").toString("base64");
};
