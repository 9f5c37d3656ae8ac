import type * as z from "zod";
import { LocalError } from "./local-error.ts";

/**
 * Reads the properties of one resource.
 * @throws LocalError `TemplateNotUnderstood`, naming the resource, the property and what is wrong with it.
 */
export const parseTemplate = <T>(
  schema: z.ZodType<T>,
  resource: string,
  properties: unknown,
): T => {
  // A template is read once: code made for its schema alone would cost more than it saves.
  // https://zod.dev/packages/core#parsing
  const parsed = schema.safeParse(properties, { jitless: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A property that is not known says more than one that is missing in its place.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const path = [...(issue?.path ?? []), ...keys].join(".") || "its properties";
  const why = keys.length > 0 ? "the local stack does not imitate it" : issue?.message;
  throw new LocalError("TemplateNotUnderstood", `${resource}: ${path}: ${why}`);
};
