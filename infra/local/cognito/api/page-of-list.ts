import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";

/** The two members by which the user-pool API pages; it calls them differently in each operation. */
export const pageMembers = {
  limit: z.int().min(0).max(60).default(60),
  token: z.string().optional(),
};

/** One page of a list, and the token of the next one when there is more. */
export const page = <T>(
  list: readonly T[],
  limit: number,
  token: string | undefined,
): { readonly items: readonly T[]; readonly next?: string } => {
  const start = token === undefined ? 0 : startOf(token);
  const end = start + (limit === 0 ? 60 : limit);
  const items = list.slice(start, end);
  return end < list.length
    ? { items, next: Buffer.from(`start=${end}`).toString("base64url") }
    : { items };
};

const startOf = (token: string): number => {
  const [, start] = /^start=(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (start === undefined) {
    throw new AwsError("InvalidParameterException", "Invalid pagination token.");
  }
  return Number(start);
};
