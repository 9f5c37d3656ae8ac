import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientOptions } from "../devices/stack-outputs.ts";
import { bad, type Finding, good, isCalled, refused } from "./finding.ts";

/** Whose credentials these are, and which region they are for. */
export interface Identity {
  readonly finding: Finding;
  readonly account?: string;
  readonly region?: string;
}

const NEXT =
  "Give --profile NAME or set AWS_PROFILE, sign in (aws sso login), and give --region NAME or set AWS_REGION.";

/** Is there somebody to deploy as? */
export const checkCredentials = async (options: ClientOptions): Promise<Identity> => {
  const client = new STSClient(options);
  let region: string;
  try {
    region = await client.config.region();
  } catch {
    client.destroy();
    return { finding: bad("no region is named", NEXT) };
  }
  try {
    const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return {
      finding: good(`account ${Account} in ${region}, as ${Arn}`),
      account: Account,
      region,
    };
  } catch (error) {
    if (isCalled(error, "NotEmulated")) return { finding: refused(error), region };
    const why = error instanceof Error ? `${error.name}, ${error.message}` : String(error);
    return { finding: bad(why, NEXT) };
  } finally {
    client.destroy();
  }
};
