import type { HomeId } from "#domain/home/home-id.ts";
import type { Registry } from "../devices/registry.ts";
import { deleteMembership, deleteOperatorOfAll, membershipsOf } from "./members.ts";
import { findPerson, settleGroup, signOut } from "./people.ts";
import { rolesOf, withoutHome } from "./roles.ts";

/**
 * Takes somebody out of a home, or lets them look after all homes no more; who is nowhere then is signed out of
 * everything. The membership last: until then the same command can be given again after a failure.
 */
export const removeMember = async (
  registry: Registry,
  sub: string,
  out: HomeId | "all",
): Promise<{ readonly isNowhere: boolean }> => {
  const memberships = await membershipsOf(registry, sub, Date.now());
  const left = withoutHome(memberships, out);
  const roles = rolesOf(left);
  // By the sub, which is nobody else's for ever; a machine client, and who was deleted, is no user.
  const person = await findPerson(registry, sub);
  if (person !== undefined) {
    await settleGroup(registry, person, roles);
    if (roles.length === 0) await signOut(registry, person);
  }
  const gone = memberships.homes.filter((one) => !left.homes.includes(one)).map(({ home }) => home);
  // One that has expired is not among them, and goes, too.
  for (const home of out === "all" ? gone : [out]) await deleteMembership(registry, sub, home);
  if (out === "all") await deleteOperatorOfAll(registry, sub);
  return { isNowhere: roles.length === 0 };
};
