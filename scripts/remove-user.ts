import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { DEFAULT_HOME } from "./command/default-home.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { recordChange } from "./devices/change-item.ts";
import { registryOf } from "./devices/registry.ts";
import { requireHome } from "./homes/directory.ts";
import { findMember, membershipsOf } from "./homes/members.ts";
import { removeMember } from "./homes/remove-member.ts";
import { parseWho, requireSubject } from "./homes/subject.ts";

const USAGE = `npm run remove-user -- NAME [options]

  Takes somebody out of a home; it counts at their next call. Who belongs to no home then is signed out everywhere, and
  their next token may do nothing. The user stays in the user pool.

  --home HOME     the home (default home)
  --machine       the stack's machine client, and not a person
  --all           looks after every home no more, and what was granted for a while ends; memberships stay
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      home: { type: "string" },
      machine: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const name = parseWho(positionals, values.machine, USAGE);
  if (values.all && values.home !== undefined) {
    throw new Problem(
      "--all takes away that somebody looks after every home, --home one membership: give one of the two. Nothing was changed.",
    );
  }
  const home = parseHomeId(values.home ?? DEFAULT_HOME);
  const registry = await registryOf(values);
  try {
    const { sub, who } = await requireSubject(registry, name);
    if (values.all) {
      const { isOperatorOfAll } = await membershipsOf(registry, sub, Date.now());
      if (!isOperatorOfAll) {
        throw new Problem(`${who} does not look after every home. Nothing was changed.`);
      }
    } else {
      await requireHome(registry, home);
      if ((await findMember(registry, sub, home)) === undefined) {
        throw new Problem(
          `${who} does not belong to the home "${home}". Who does: npm run homes -- ${home}. Nothing was changed.`,
        );
      }
    }
    await recordChange(registry, {
      ...(values.all ? { change: "operator-left" } : { change: "member-left", home }),
      subject: who,
      details: { sub },
      command: "remove-user",
    });
    const { isNowhere } = await removeMember(registry, sub, values.all ? "all" : home);
    print(values.all ? `${who} looks after every home no more.` : `${who} is out of ${home}.`);
    if (isNowhere && name !== undefined) {
      print("  No home is left: signed out everywhere, and in no group.");
    }
    return 0;
  } finally {
    registry.close();
  }
});
