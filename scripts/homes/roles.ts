import type { Memberships, Role } from "#domain/access/membership.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { shown } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";

const GIVEN_BY_HAND = ["resident", "guest", "operator"] as const;

/** Reads --role. @throws Problem with the roles that there are */
export const parseRole = (text: string | undefined): (typeof GIVEN_BY_HAND)[number] => {
  const role = GIVEN_BY_HAND.find((one) => one === text);
  if (role !== undefined) return role;
  throw new Problem(
    `--role must be ${GIVEN_BY_HAND.join(", ").replace(/, (?=\w+$)/, " or ")}${text === undefined ? "" : `, not ${shown(text)}`}. Nothing was changed.`,
  );
};

/** Every role that somebody has anywhere. */
export const rolesOf = ({ homes, isOperatorOfAll }: Memberships): readonly Role[] => [
  ...homes.map(({ role }) => role),
  ...(isOperatorOfAll ? (["operator"] as const) : []),
];

/**
 * What is left of somebody's memberships without one home, or without looking after all; what was granted for a while
 * to who looks after all goes with that.
 */
export const withoutHome = (memberships: Memberships, out: HomeId | "all"): Memberships => ({
  homes: memberships.homes.filter(({ home, reason }) =>
    out === "all" ? reason === undefined : home !== out,
  ),
  isOperatorOfAll: memberships.isOperatorOfAll && out !== "all",
});
