import type { AwsError } from "./aws-service.ts";

/** One page of a list, and the token by which the list goes on when there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Which page a request asks for. */
export interface PageAsked {
  readonly size: number;
  /** As a page before ended with it; absent for the first page. */
  readonly token: string | undefined;
  /** The error that the API answers for a token that no page ended with. */
  invalidToken(): AwsError;
}

/** A page of a list that is at hand: it goes on at a position. */
export const pageByPosition = <T>(list: readonly T[], asked: PageAsked): Page<T> => {
  const position = parseToken(asked) ?? "0";
  if (!/^\d{1,9}$/.test(position)) throw asked.invalidToken();
  const start = Number(position);
  const end = start + asked.size;
  const items = list.slice(start, end);
  return end < list.length ? { items, next: tokenOf(String(end)) } : { items };
};

/**
 * A page of a list that is looked up: it goes on after a name, whatever came and went meanwhile. `find` gives so many at
 * most that come after a name, in order.
 */
export const pageByName = <T>(
  find: (after: string, limit: number) => readonly T[],
  nameOf: (item: T) => string,
  asked: PageAsked,
): Page<T> => {
  const found = find(parseToken(asked) ?? "", asked.size + 1);
  const items = found.slice(0, asked.size);
  const last = items.at(-1);
  return found.length > asked.size && last !== undefined
    ? { items, next: tokenOf(nameOf(last)) }
    : { items };
};

const tokenOf = (place: string): string => Buffer.from(place).toString("base64url");

const parseToken = ({ token, invalidToken }: PageAsked): string | undefined => {
  if (token === undefined) return undefined;
  const place = Buffer.from(token, "base64url").toString("utf8");
  if (place !== "" && tokenOf(place) === token) return place;
  throw invalidToken();
};
