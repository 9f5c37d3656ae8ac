import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE, sameStack } from "./command/registry-options.ts";
import { bucketClient } from "./console/bucket-client.ts";
import { emptyBucket } from "./console/empty-bucket.ts";
import { deleteStack } from "./destroy-home/delete-stack.ts";
import { whatHangs } from "./destroy-home/what-goes.ts";
import { whatStays } from "./destroy-home/what-stays.ts";
import { registryOf } from "./devices/registry.ts";
import { withdrawCertificate } from "./devices/withdraw-certificate.ts";
import { withdrawThing } from "./devices/withdraw-thing.ts";

const USAGE = `npm run destroy-home -- --aws [--yes] [options]

  Takes a deployed stack away: first its devices' certificates, with their things and shadows, since CloudFormation deletes
  no policy that a certificate has, and the files of the console, since it deletes no bucket with files; then the stack. Says what stays, and how to remove that too. After a cut-off give the
  same command again.

  --yes           do it; without this it is only shown what would go
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...REGISTRY_OPTIONS, yes: { type: "boolean", default: false } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (positionals.length > 0) throw new Problem(USAGE);
  if (!values.aws) {
    throw new Problem(
      `This is about a stack in an AWS account: give --aws. A house on this machine ends with Ctrl-C, and all that stays of it is its folder, ${values.data}.`,
    );
  }
  const registry = await registryOf(values);
  try {
    const { stackName } = registry;
    const { homes, things, loose } = await whatHangs(registry);
    const stays = whatStays(registry, await registry.dynamoDb.config.region());
    const certificates = `${counted(loose.length, "certificate")} of no thing`;
    if (!values.yes) {
      print(`${stackName} would be deleted, for ever:`);
      print(
        `  ${counted(homes.length, "home")}: ${homes.join(", ") || "none"}; their records stay`,
      );
      print(`  ${counted(things.length, "thing")}, with certificates and shadows`);
      print(`  ${certificates}`);
      print("  gateway, functions, workflow, rules, schedules, logs, sign-in page");
      for (const line of stays) print(line);
      print(`Nothing was changed. To do it: npm run destroy-home -- --yes${sameStack(values)}`);
      return 1;
    }
    let withdrawn = 0;
    for (const thing of things) withdrawn += await withdrawThing(registry, thing);
    for (const certificate of loose) await withdrawCertificate(registry, undefined, certificate);
    print(
      `${counted(things.length, "thing")} and ${counted(withdrawn + loose.length, "certificate")} are taken out.`,
    );
    const s3 = bucketClient(registry.clientOptions);
    const files = await emptyBucket(s3, registry.output("ConsoleBucket")).finally(() =>
      s3.destroy(),
    );
    print(`${counted(files, "file")} of the console are taken out of its bucket.`);
    const end = await deleteStack(registry);
    print(
      end === "deleted"
        ? `${stackName} is deleted.`
        : `${stackName} is a house's, which ends with Ctrl-C.`,
    );
    for (const line of stays) print(line);
    return 0;
  } finally {
    registry.close();
  }
});
