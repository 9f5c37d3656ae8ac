import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { DEFAULT_HOME } from "./command/default-home.ts";
import { parseTextOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { changeItem, recordChange } from "./devices/change-item.ts";
import { type Registry, registryOf } from "./devices/registry.ts";
import { requireHome } from "./homes/directory.ts";
import { findMember, joinHome, membershipsOf, putOperatorOfAll } from "./homes/members.ts";
import { parseUntil, shownMoment } from "./homes/moments.ts";
import { createPerson, findPerson, settleGroup } from "./homes/people.ts";
import { parseRole, rolesOf } from "./homes/roles.ts";
import { machineOf, parseWho, type Subject } from "./homes/subject.ts";

const USAGE = `npm run add-user -- NAME --role ROLE [options]
npm run invite -- NAME --email ADDRESS --role ROLE [options]

  Makes somebody a member of a home, and a user with a first password if nobody has the username NAME yet. Who is a
  member already gets the new role. ROLE is resident (looks and changes), guest (looks) or operator.

  --home HOME       the home (default home)
  --called NAME     what this person calls it (default its name, or what it was)
  --until WHEN      the last day (2026-12-31, in the home's time zone), a moment (2026-12-31T18:00+01:00), or 12h, 3d, 2w
  --email ADDRESS   somebody new is invited by mail, where the stack is in an AWS account; else the first password is
                    shown here, once
  --machine         the stack's machine client, and not a person
  --all             with --role operator: looks after every home, and changes something only by npm run grant
${REGISTRY_USAGE}`;

const parseOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      role: { type: "string" },
      home: { type: "string" },
      called: { type: "string" },
      until: { type: "string" },
      email: { type: "string" },
      machine: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      invite: { type: "boolean", default: false },
    },
  });
  return { values, positionals };
};
type Values = ReturnType<typeof parseOptions>["values"];

const checkTogether = ({ all, machine, invite, ...values }: Values): void => {
  const { email, home, called, until, role } = values;
  const refuse = (why: string): never => {
    throw new Problem(`${why} Nothing was changed.`);
  };
  if (invite && email === undefined) refuse("An invitation goes to an address: --email ADDRESS.");
  if (
    email !== undefined &&
    !/^[^\s@<>]+@[^\s@<>]+$/.test(parseTextOption("--email", email, 254))
  ) {
    refuse(`--email must be an address such as ada@example.org, not "${email}".`);
  }
  if (machine && (email !== undefined || all)) {
    refuse("--machine goes with neither --email nor --all: it is no person.");
  }
  if (all && role !== "operator") refuse("--all goes with --role operator.");
  if (all && (home !== undefined || called !== undefined || until !== undefined)) {
    refuse("--all is every home, for good: it goes without --home, --called and --until.");
  }
};

/** Who is meant; somebody new is made, and how they sign in is said at once, whatever happens after. */
const subjectOf = async (
  registry: Registry,
  name: string | undefined,
  email: string | undefined,
): Promise<Subject & { readonly isNew: boolean }> => {
  if (name === undefined) return { ...machineOf(registry), isNew: false };
  const there = await findPerson(registry, name);
  if (there !== undefined) {
    if (email !== undefined) print(`${there.username} is a user already; no invitation is sent.`);
    return { sub: there.sub, who: there.username, isNew: false };
  }
  const { sendsMail } = registry;
  const made = await createPerson(registry, name, {
    sendsMail,
    ...(email === undefined ? {} : { email }),
  });
  print(
    made.firstPassword === undefined
      ? `${made.username} is a new user; the first password goes to ${email}.`
      : `${made.username} is a new user. First password, shown once, to be changed at the first sign-in: ${made.firstPassword}`,
  );
  return { sub: made.sub, who: made.username, isNew: true };
};

/** The group by which tokens get their scopes: a token that is out already has those of before. */
const settle = async (registry: Registry, subject: Subject & { isNew: boolean }) => {
  const person = await findPerson(registry, subject.sub);
  if (person === undefined) return;
  const roles = rolesOf(await membershipsOf(registry, subject.sub, Date.now()));
  const { isRaised } = await settleGroup(registry, person, roles);
  if (isRaised && !subject.isNew) {
    print(
      "  What is more than before comes with the next token, within an hour, or by a new sign-in.",
    );
  }
};

await runCommand(async () => {
  const { values, positionals } = parseOptions();
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const name = parseWho(positionals, values.machine, USAGE);
  const role = parseRole(values.role);
  checkTogether(values);
  const called =
    values.called === undefined ? undefined : parseTextOption("--called", values.called, 64);
  const home = parseHomeId(values.home ?? DEFAULT_HOME);
  const registry = await registryOf(values);
  try {
    const written = { by: "npm run add-user", since: new Date().toISOString() };
    if (values.all) {
      const subject = await subjectOf(registry, name, values.email);
      await recordChange(registry, {
        change: "operator-added",
        subject: subject.who,
        details: { sub: subject.sub },
        command: "add-user",
      });
      await putOperatorOfAll(registry, { sub: subject.sub, who: subject.who, ...written });
      print(`${subject.who} looks after every home.`);
      await settle(registry, subject);
      return 0;
    }
    const meta = await requireHome(registry, home);
    const until =
      values.until === undefined ? undefined : parseUntil(values.until, Date.now(), meta.timeZone);
    const subject = await subjectOf(registry, name, values.email);
    const before = await findMember(registry, subject.sub, home);
    const change = await changeItem(registry, {
      change: "member-joined",
      home,
      subject: subject.who,
      details: { sub: subject.sub, role, before: before?.role, until },
      command: "add-user",
    });
    await joinHome(
      registry,
      {
        sub: subject.sub,
        home,
        role,
        name: called ?? before?.name ?? meta.name,
        who: subject.who,
        ...written,
        ...(until === undefined ? {} : { expiresAtEpochSeconds: until }),
      },
      [change],
    );
    print(
      `${subject.who} is ${role} of ${meta.name} (${home})${until === undefined ? "" : ` until ${shownMoment(until, meta.timeZone)} (${meta.timeZone})`}${before === undefined ? "" : `, and was ${before.role}`}.`,
    );
    await settle(registry, subject);
    return 0;
  } finally {
    registry.close();
  }
});
