import { isUtf8 } from "node:buffer";
import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";

/** Why bytes are not a JSON document. */
export type JsonFault = "encoding" | "syntax";

/** The JSON value of a payload, or why there is none. */
export const parseJson = (
  payload: Buffer,
): { readonly value: Json } | { readonly fault: JsonFault } => {
  if (!isUtf8(payload)) return { fault: "encoding" };
  try {
    return { value: JSON.parse(payload.toString("utf8")) as Json };
  } catch {
    return { fault: "syntax" };
  }
};

/** The member that the document itself has, and no prototype: `constructor` is absent unless somebody sent it. */
export const member = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** An object under construction. */
export type JsonBuilder = Record<string, Json>;

/** Sets a member whatever its name; a plain assignment to `__proto__` would change the prototype instead. */
export const setMember = (object: JsonBuilder, key: string, value: Json): void => {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    object[key] = value;
  }
};

/** Equality of JSON values: the order of members means nothing, the order of items does. */
export const jsonEqual = (a: Json, b: Json): boolean => {
  if (a === b) return true;
  if (isArray(a)) {
    return (
      isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => {
        const other = b[index];
        return other !== undefined && jsonEqual(item, other);
      })
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const mine = member(a, key);
      const other = member(b, key);
      return mine !== undefined && other !== undefined && jsonEqual(mine, other);
    })
  );
};
