import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import { normalizeName } from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { type Caller, fullScope, mayUse, type Scope } from "./caller.ts";
import { type Membership, type Memberships, type Role, rightsOf } from "./membership.ts";

interface About {
  /** What the caller calls the home. */
  readonly name: string;
  readonly role: Role;
  /** The caller has more homes than this one, so that an answer must say which it speaks of. */
  readonly isOneOfSeveral: boolean;
  /** The caller does not live there: each look is recorded, before it is answered. */
  readonly isVisit: boolean;
  /** Why a visitor may act. */
  readonly reason?: string;
}

// The proof that somebody belongs to a home is a value of this class. accessTo alone makes one: the constructor is
// private, the class leaves this file as a type only, and neither a cast nor a copy has the private field.
class Access {
  readonly #home: HomeId;
  readonly about: About;

  private constructor(home: HomeId, about: About) {
    this.#home = home;
    this.about = about;
  }

  static to(home: HomeId, about: About): Access {
    return new Access(home, about);
  }

  static home(access: Access): HomeId {
    if (#home in access) return access.#home;
    throw new HomeError("HomeInvalid", "Only accessTo makes an access to a home.");
  }
}

export type { Access as HomeAccess };

/**
 * The home that an access was given to: what every key of the call is made of.
 * @throws HomeError `HomeInvalid` for what accessTo did not make
 */
export const homeOf = (access: Access): HomeId => Access.home(access);

/**
 * The access to the home that a call is about. Nothing is guessed: with several homes one must be named, by its id or
 * by what the caller calls it.
 * @throws HomeError `NoHome`, `HomeAmbiguous` with the caller's own homes, or `HomeUnknown`, which says the same of a
 * home of somebody else and of one that does not exist
 */
export const accessTo = (memberships: Memberships, wanted: string | undefined): Access => {
  const { homes, isOperatorOfAll } = memberships;
  if (homes.length === 0 && !isOperatorOfAll) {
    throw new HomeError(
      "NoHome",
      "You belong to no home. Whoever looks after it can add you: npm run add-user. Nothing was changed.",
    );
  }
  if (wanted === undefined) return theOnly(memberships);
  const own = homes.find(({ home }) => home === wanted);
  if (own !== undefined) return memberOf(own, memberships);
  // An id comes before a name: to who looks after every home, "a_b" is that home, and not their own "ab" or one that
  // they call "a b".
  if (isOperatorOfAll && isHomeId(wanted)) {
    return Access.to(wanted, {
      name: wanted,
      role: "operator",
      isOneOfSeveral: true,
      isVisit: true,
    });
  }
  const found = called(wanted, homes);
  if (found !== undefined) return memberOf(found, memberships);
  throw homeUnknown(wanted, memberships);
};

/** The refusal of a home that is not the caller's, or that is not there. */
export const homeUnknown = (wanted: string, { homes, isOperatorOfAll }: Memberships): HomeError =>
  new HomeError(
    "HomeUnknown",
    `No home of yours is called ${shown(wanted)}. ${isOperatorOfAll ? 'You look after every home: give its id in "home".' : `Yours: ${listed(homes)}.`} Nothing was changed.`,
    { closest: homes.map(({ home }) => home) },
  );

const theOnly = (memberships: Memberships): Access => {
  const { homes, isOperatorOfAll } = memberships;
  const [only, ...more] = homes;
  if (only !== undefined && more.length === 0 && !isOperatorOfAll) {
    return memberOf(only, memberships);
  }
  throw new HomeError(
    "HomeAmbiguous",
    isOperatorOfAll
      ? 'You look after every home. Give the id of the one that is meant in "home". Nothing was changed.'
      : `You have ${homes.length} homes: ${listed(homes)}. Ask which one is meant and call again with "home". Nothing was changed.`,
    { closest: homes.map(({ home }) => home) },
  );
};

const called = (wanted: string, homes: readonly Membership[]): Membership | undefined => {
  const name = normalizeName(wanted);
  const found = homes.filter((one) =>
    [one.home, one.name].some((each) => normalizeName(each) === name),
  );
  const [only, ...more] = found;
  if (only === undefined || more.length === 0) return only;
  throw new HomeError(
    "HomeAmbiguous",
    `${shown(wanted)} means ${found.length} of your homes: ${listed(found)}. Ask which one is meant and give its id in "home". Nothing was changed.`,
    { closest: found.map(({ home }) => home) },
  );
};

const memberOf = (
  { home, name, role, reason }: Membership,
  { homes, isOperatorOfAll }: Memberships,
): Access =>
  Access.to(home, {
    name,
    role,
    isOneOfSeveral: homes.length > 1 || isOperatorOfAll,
    isVisit: reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
  });

const listed = (homes: readonly Membership[]): string =>
  homes.map(({ home, name }) => `${shown(name)} (${home})`).join(", ");

const IN_WORDS: Readonly<Record<Role, string>> = {
  resident: "a resident",
  guest: "a guest",
  operator: "an operator",
  schedules: "the scheduler",
};

/** May the caller do in that home what needs `scope`? The token's scope and the role in the home must both allow it. */
export const mayUseIn = ({ about }: Access, caller: Caller, scope: Scope): boolean => {
  // Somebody who looks after every home looks, and no more, until a home is granted for a while.
  const rights = about.isVisit && about.reason === undefined ? ["read"] : rightsOf(about.role);
  return mayUse(caller, scope) && rights.includes(scope);
};

/**
 * Promises that the caller may do in that home what needs `scope`.
 * @throws HomeError `NotAllowed`, naming the home and the role
 */
export const requireRight = (access: Access, caller: Caller, scope: Scope, tool: string): void => {
  if (mayUseIn(access, caller, scope)) return;
  const { about } = access;
  throw new HomeError(
    "NotAllowed",
    about.isVisit && about.reason === undefined
      ? `You look after ${homeOf(access)} and do not live there; ${tool} needs a grant for a while: npm run grant. Nothing was changed.`
      : `In ${shown(about.name)} you are ${IN_WORDS[about.role]}; ${tool} needs ${fullScope(scope)} there. Tell the user; do not retry. Nothing was changed.`,
  );
};

/**
 * Promises that the caller is an operator there: of the home, of every home, or for a while.
 * @throws HomeError `NotAllowed`, naming the home and the role
 */
export const requireOperator = ({ about }: Access, tool: string): void => {
  if (about.role === "operator") return;
  throw new HomeError(
    "NotAllowed",
    `${tool} is for operators of a home; in ${shown(about.name)} you are ${IN_WORDS[about.role]}. Tell the user; do not retry. Nothing was changed.`,
  );
};
