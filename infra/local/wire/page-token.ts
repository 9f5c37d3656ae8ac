import { AwsError } from "./aws-service.ts";

/** Where a list goes on: the last name of a page, as an opaque text. */
export const pageToken = (last: string): string => Buffer.from(last).toString("base64url");

/** The name after which a page begins; nothing for the first page. */
export const parsePageToken = (token: string | null): string => {
  if (token === null) return "";
  const last = Buffer.from(token, "base64url").toString("utf8");
  if (pageToken(last) === token && last !== "") return last;
  throw new AwsError("InvalidRequestException", "nextToken is not one that a page ended with");
};
