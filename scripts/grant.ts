import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { parseTextOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { registryOf } from "./devices/registry.ts";
import { requireHome } from "./homes/directory.ts";
import { grantVisit } from "./homes/grant-visit.ts";
import { membershipsOf } from "./homes/members.ts";
import { parseFor, shownMoment } from "./homes/moments.ts";
import { parseWho, requireSubject } from "./homes/subject.ts";

const USAGE = `npm run grant -- NAME --home HOME --for 1h --why "ticket 4711" [options]

  Lets somebody who looks after every home (add-user --all) act in one of them for a while. The people of the home see
  who, how long and why: npm run audit -- access --home HOME.

  --home HOME     the home
  --for TIME      how long, from 1m to 24h
  --why TEXT      the reason
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      home: { type: "string" },
      for: { type: "string" },
      why: { type: "string" },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const name = parseWho(positionals, false, USAGE);
  const { for: time, why } = values;
  if (values.home === undefined || time === undefined || why === undefined) {
    throw new Problem(
      'A grant is for one home, for a time and for a reason: --home HOME --for 1h --why "ticket 4711". Nothing was changed.',
    );
  }
  const home = parseHomeId(values.home);
  const seconds = parseFor(time);
  const reason = parseTextOption("--why", why, 256);
  const registry = await registryOf(values);
  try {
    const meta = await requireHome(registry, home);
    const subject = await requireSubject(registry, name);
    const now = new Date();
    const { isOperatorOfAll, homes } = await membershipsOf(registry, subject.sub, now.getTime());
    if (!isOperatorOfAll) {
      throw new Problem(
        `${subject.who} does not look after every home, and only who does is granted one for a while. Make them a member with npm run add-user, or first: npm run add-user -- ${subject.who} --role operator --all. Nothing was changed.`,
      );
    }
    const there = homes.find((one) => one.home === home);
    if (there !== undefined && there.reason === undefined) {
      throw new Problem(
        `${subject.who} is ${there.role} of "${home}" already and needs no grant. Nothing was changed.`,
      );
    }
    const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + seconds;
    await grantVisit(registry, { subject, meta, reason, expiresAtEpochSeconds }, now);
    print(
      `${subject.who} may act in ${meta.name} (${home}) until ${shownMoment(expiresAtEpochSeconds, meta.timeZone)} (${meta.timeZone}).`,
    );
    return 0;
  } finally {
    registry.close();
  }
});
