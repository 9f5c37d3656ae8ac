import { SignJWT } from "jose";
import type { CognitoContext } from "../pool/context.ts";
import type { Pool } from "../pool/pool.ts";
import type { KeyPurpose } from "../pool/signing-keys.ts";

/** A signed token. The claims keep their order; the header is Cognito's, kid before alg and no typ. */
export const signToken = (
  cognito: CognitoContext,
  pool: Pool,
  purpose: KeyPurpose,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const { kid, privateKey } = cognito.keys.current(pool.poolId, purpose);
  return new SignJWT({ ...claims }).setProtectedHeader({ kid, alg: "RS256" }).sign(privateKey);
};
