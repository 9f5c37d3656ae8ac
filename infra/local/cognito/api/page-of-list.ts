import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";
import { type Page, pageByPosition } from "#local/wire/page.ts";

/** The two members by which the user-pool API pages; it calls them differently in each operation. */
export const pageMembers = {
  limit: z.int().min(0).max(60).default(60),
  token: z.string().optional(),
};

/** The page of a list that is asked for. @throws AwsError `InvalidParameterException` for a token of no page */
export const page = <T>(list: readonly T[], limit: number, token: string | undefined): Page<T> =>
  pageByPosition(list, {
    size: limit === 0 ? 60 : limit,
    token,
    invalidToken: () => new AwsError("InvalidParameterException", "Invalid pagination token."),
  });
