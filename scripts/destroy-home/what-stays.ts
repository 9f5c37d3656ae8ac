import type { Registry } from "../devices/registry.ts";

/** What outlives a stack, and the commands that remove it for good. */
export const whatStays = (
  { output }: Pick<Registry, "output">,
  region: string,
): readonly string[] => {
  const tables = ["HomeTableName", "AuditTableName", "LogTableName"].map(output);
  const pool = output("UserPoolId");
  const at = `--region ${region}`;
  return [
    `What stays: the tables ${tables.join(", ")} (homes, audit, its log), the user pool ${pool} with its users, the key that signs the log. To remove them for good, and with them every proof:`,
    ...tables.flatMap((table) => [
      `  aws dynamodb update-table ${at} --table-name ${table} --no-deletion-protection-enabled`,
      `  aws dynamodb delete-table ${at} --table-name ${table}`,
    ]),
    `  aws cognito-idp update-user-pool ${at} --user-pool-id ${pool} --deletion-protection INACTIVE`,
    `  aws cognito-idp delete-user-pool ${at} --user-pool-id ${pool}`,
    `  aws kms schedule-key-deletion ${at} --key-id ${output("LogKeyArn")} --pending-window-in-days 7`,
    "On this machine the folders with devices' keys stay; they open nothing any more.",
  ];
};
