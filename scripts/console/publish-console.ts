import { S3Client } from "@aws-sdk/client-s3";
import type { Stack } from "#local/stack/stack.ts";
import type { Endpoints } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";
import { readConsole } from "./built-console.ts";
import { consoleConfig } from "./console-config.ts";
import { consoleObjects } from "./console-objects.ts";
import { uploadConsole } from "./upload-console.ts";

/** Puts the console's files where the house serves them from, as a deployment does. */
export const publishConsole = async (
  { aws, resources }: Pick<Stack, "aws" | "resources">,
  { console: page, cognito }: Pick<Endpoints, "console" | "cognito">,
  assembly: string,
): Promise<void> => {
  const bucket = resources.find(({ type }) => type === "AWS::S3::Bucket");
  if (bucket === undefined) throw new Problem("The template has no bucket for the console.");
  const config = consoleConfig({
    pageUrl: page.url,
    clientId: cognito.clients.console.clientId,
    issuer: cognito.issuer,
    signInUrl: cognito.domain,
  });
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await uploadConsole(
    s3,
    bucket.name,
    consoleObjects(readConsole(assembly), config),
    Date.now(),
  ).finally(() => s3.destroy());
};
