import { shown } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";
import { requirePerson } from "./people.ts";

/** Who a command is about: somebody of the user pool, or the stack's machine client. */
export interface Subject {
  /** What tokens call them. */
  readonly sub: string;
  /** What lists of people call them. */
  readonly who: string;
}

export const machineOf = ({ machineClientId }: Registry): Subject => ({
  sub: machineClientId,
  who: "machine client",
});

/**
 * The one name of a command, or none with --machine.
 * @throws Problem with how to give the command
 */
export const parseWho = (
  positionals: readonly string[],
  isMachine: boolean,
  usage: string,
): string | undefined => {
  const [name, ...more] = positionals;
  if (more.length > 0 || (name === undefined) !== isMachine) {
    throw new Problem(
      `Name one person, or give --machine instead. Nothing was changed.\n\n${usage}`,
    );
  }
  // What Cognito takes for a username: no space, and nothing that cannot be seen.
  if (name !== undefined && !/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(name)) {
    throw new Problem(
      `${shown(name)} is no username: 1 to 128 letters, digits and signs that can be seen, without spaces. Nothing was changed.`,
    );
  }
  return name;
};

/** Somebody who is there already. @throws Problem when nobody has the name */
export const requireSubject = async (
  registry: Registry,
  name: string | undefined,
): Promise<Subject> => {
  if (name === undefined) return machineOf(registry);
  const { sub, username } = await requirePerson(registry, name);
  return { sub, who: username };
};
