import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** Where Debian puts its AWS CLI; absent where it is not installed. */
export const awsCliPath = ["/usr/bin/aws"].find((path) => existsSync(path));

/** What a command of the AWS CLI printed, and how it ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Debian's AWS CLI against an endpoint of ours, whatever its user has configured. */
export const runAwsCli = (
  target: {
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  },
  args: readonly string[],
): Promise<CliResult> =>
  new Promise((resolve) => {
    execFile(
      awsCliPath ?? "aws",
      ["--endpoint-url", target.endpoint, "--output", "json", ...args],
      {
        env: {
          PATH: process.env.PATH,
          AWS_ACCESS_KEY_ID: target.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: target.credentials.secretAccessKey,
          AWS_REGION: "us-east-1",
          AWS_CONFIG_FILE: "/dev/null",
          AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_MAX_ATTEMPTS: "1",
          AWS_PAGER: "",
        },
      },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
