import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isObject, parseJsonObject } from "#domain/json.ts";
import type { RunningHome } from "../../scripts/start/start-home.ts";
import { type Ended, runScript } from "./command.ts";

type Item = Readonly<Record<string, unknown>>;

/** What `npm run verify-deployment` printed and reported. */
export interface Verified {
  readonly ended: Ended;
  readonly report: Item;
  readonly checks: readonly Item[];
}

/** A house whose devices sign in with certificates, as an account's do. */
export const LAN = { port: 0, host: "127.0.0.1" } as const;

/** Verifies a house as whoever has an account does it, with the endpoint pointed at the house. */
export const verifyHouse = async (
  { stack }: RunningHome,
  more: readonly string[] = [],
): Promise<Verified> => {
  const scratch = mkdtempSync(join(tmpdir(), "verify-"));
  const reportFile = join(scratch, "report.json");
  const { endpoint, credentials, region } = stack.aws;
  try {
    const ended = await runScript(
      "verify-deployment.ts",
      [
        ...["--aws", "--endpoint-url", endpoint, "--report", reportFile],
        ...["--root-ca", stack.rootCertificateFile],
        ...more,
      ],
      {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_REGION: region,
      },
    );
    const report = parseJsonObject(readFileSync(reportFile, "utf8")) ?? {};
    return { ended, report, checks: listOf(report.checks) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** The objects of a list of a report. */
export const listOf = (value: unknown): readonly Item[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
