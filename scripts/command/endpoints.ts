import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "./problem.ts";

/** The app clients of a stack. */
export type ClientName = "machine" | "claudeWeb" | "local";

/** Where people and machines sign in to a stack and call it, be it a house's or one in an account. */
export interface SignIn {
  readonly gateway: { readonly url: string };
  readonly cognito: {
    readonly issuer: string;
    readonly domain: string;
    readonly clients: Readonly<
      Record<ClientName, { readonly clientId: string; readonly clientSecret?: string }>
    >;
  };
}

/** Where a running house is reached: the content of `DIR/endpoints.json` (mode 600; it holds secrets). */
export interface Endpoints extends SignIn {
  readonly cognito: SignIn["cognito"] & {
    readonly users: readonly {
      readonly username: string;
      readonly password: string;
      readonly groups: readonly string[];
    }[];
  };
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    /** Physical table names, for the AWS CLI and SDKs. */
    readonly tables: { readonly home: string; readonly audit: string };
  };
  readonly mqtt: {
    readonly url: string;
    /** Where devices on the network connect; only with --lan. */
    readonly tlsUrl?: string;
    /** Somebody's own broker, with --mqtt-broker: it lets devices in by its own rules. */
    readonly isOwnBroker?: true;
    /** The certificate by which devices know this house; there once a device was added or --lan was given. */
    readonly rootCertificateFile: string;
  };
  readonly pid: number;
}

/** The file of a data directory. */
export const endpointsFile = (data: string): string => join(data, "endpoints.json");

/** Where the house on `data` is reached; `undefined` when none is up. */
export const readEndpoints = (data: string): Endpoints | undefined => {
  let text: string;
  try {
    text = readFileSync(endpointsFile(data), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const endpoints = JSON.parse(text) as Endpoints;
  return isAlive(endpoints.pid) ? endpoints : undefined;
};

/** The house that is up on `data`. @throws Problem when none is */
export const requireHouse = (data: string): Endpoints => {
  const endpoints = readEndpoints(data);
  if (endpoints !== undefined) return endpoints;
  throw new Problem(
    `No house is up on ${data}. Start one with npm start -- --quiet, name its folder with --data DIR, or mean the stack in your AWS account: --aws.`,
  );
};

// A house that was killed leaves its file behind.
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};
