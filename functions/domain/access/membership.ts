import { FORMAT } from "#domain/format.ts";
import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import { homeKey, OPERATOR_OF_ALL_KEY } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import type { Scope } from "./caller.ts";

/** What somebody is in a home. */
export type Role = "resident" | "guest" | "operator" | "schedules";

/** That somebody belongs to a home. */
export interface Membership {
  readonly home: HomeId;
  readonly role: Role;
  /** What this person calls the home, e.g. "Cabin". */
  readonly name: string;
  /** Why somebody who does not live there may act: it was granted for a while. */
  readonly reason?: string;
}

/** Everything that somebody belongs to, at a moment. */
export interface Memberships {
  readonly homes: readonly Membership[];
  /** Looks after every home of the cell, and lives in none of them. */
  readonly isOperatorOfAll: boolean;
}

const ROLES: ReadonlyMap<unknown, Role> = new Map(
  (["resident", "guest", "operator", "schedules"] as const).map((role) => [role, role]),
);

/** The role of that name; undefined for one that nobody here knows. */
export const roleNamed = (name: unknown): Role | undefined => ROLES.get(name);

// Nothing for a role that is not here: a schedule runs scenes through a tool of its own.
const RIGHTS: ReadonlyMap<Role, readonly Scope[]> = new Map([
  ["resident", ["read", "write"]],
  ["operator", ["read", "write"]],
  ["guest", ["read"]],
]);

/** What a role may do in its home. */
export const rightsOf = (role: Role): readonly Scope[] => RIGHTS.get(role) ?? [];

type Item = Readonly<Record<string, unknown>>;

/**
 * Reads somebody's memberships out of their items. Fails closed: an item of another version, with a role that nobody
 * here knows, whose key tells another home than it does, or that has expired at `nowMs` gives nothing.
 */
export const parseMemberships = (items: readonly Item[], nowMs: number): Memberships => {
  const valid = items.filter((item) => item.v === FORMAT && !isExpired(item, nowMs));
  return {
    homes: valid.flatMap((item) => {
      const membership = parseMembership(item);
      return membership === undefined ? [] : [membership];
    }),
    isOperatorOfAll: valid.some(
      ({ SK, role }) => SK === OPERATOR_OF_ALL_KEY && role === "operator",
    ),
  };
};

const parseMembership = (item: Item): Membership | undefined => {
  const { SK, home, name, role, reason, expiresAt } = item;
  const known = roleNamed(role);
  if (!isHomeId(home) || SK !== homeKey(home) || known === undefined) return undefined;
  if (typeof name !== "string" || name === "") return undefined;
  if (reason !== undefined) {
    // Granted for a while, or not at all: without an end, or without a word why, it would be a key to somebody's house.
    if (typeof reason !== "string" || reason.trim() === "" || expiresAt === undefined) {
      return undefined;
    }
  }
  return { home, role: known, name, ...(reason === undefined ? {} : { reason }) };
};

// Epoch seconds, as DynamoDB's time to live counts them; which may leave an item for days after its time.
const isExpired = ({ expiresAt }: Item, nowMs: number): boolean =>
  expiresAt !== undefined && !(typeof expiresAt === "number" && expiresAt * 1000 > nowMs);

/**
 * Promises that somebody looks after every home.
 * @throws HomeError `NotAllowed`
 */
export const requireOperatorOfAll = ({ isOperatorOfAll }: Memberships, tool: string): void => {
  if (isOperatorOfAll) return;
  throw new HomeError(
    "NotAllowed",
    `${tool} is for whoever looks after every home, and you do not. Tell the user; do not retry. Nothing was changed.`,
  );
};
