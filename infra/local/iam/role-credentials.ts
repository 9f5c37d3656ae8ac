import { createHmac } from "node:crypto";
import type { Credentials } from "#local/wire/signature.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The credentials of a role, always the same for the same master secret, so that nothing has to be stored and a process
 * that outlives a restart of the stack keeps its rights. In form like those of STS.
 */
export const roleCredentials = (roleArn: string, masterSecret: string): Credentials => {
  const derive = (part: string): Buffer =>
    createHmac("sha256", masterSecret).update(`${part}\n${roleArn}`).digest();
  const id = [...derive("id").subarray(0, 16)].map((byte) => BASE32[byte % 32]).join("");
  return {
    accessKeyId: `ASIA${id}`,
    secretAccessKey: derive("secret").toString("base64").slice(0, 40),
    sessionToken: Buffer.concat([derive("token"), derive("token-2")]).toString("base64"),
  };
};
