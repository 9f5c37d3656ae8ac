import { AwsError } from "#local/wire/aws-service.ts";
import { passwordWeakness } from "./password.ts";
import type { Pool } from "./pool.ts";

/**
 * The password, when the pool's policy takes it.
 * @throws AwsError `InvalidPasswordException`
 */
export const checkedPassword = (pool: Pool, password: string): string => {
  const weakness = passwordWeakness(password, pool.passwordPolicy);
  if (weakness === undefined) return password;
  throw new AwsError(
    "InvalidPasswordException",
    `Password did not conform with policy: ${weakness}`,
  );
};
