import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { buildConsole } from "../../infra/console/build.ts";
import { Problem } from "../command/problem.ts";
import type { ClientOptions } from "../devices/stack-outputs.ts";
import { bucketClient } from "./bucket-client.ts";
import { consoleConfig } from "./console-config.ts";
import { consoleObjects } from "./console-objects.ts";
import type { DeploySteps } from "./deploy-with-console.ts";
import { uploadConsole } from "./upload-console.ts";

/** The steps of a deployment to an account. */
export const deploySteps = (of: {
  readonly clientOptions: ClientOptions;
  readonly stackName: string;
  readonly stage: string | undefined;
  /** Runs `cdk deploy` with these arguments besides its own. @throws Problem when it did not succeed */
  readonly cdkDeploy: (args: readonly string[]) => Promise<void>;
  readonly say: (line: string) => void;
}): DeploySteps => ({
  outputs: () => deployedOutputs(of.clientOptions, of.stackName),
  deploy: (known) =>
    of.cdkDeploy(Object.entries(known).flatMap(([name, url]) => ["--context", `${name}=${url}`])),
  upload: async (outputs, consoleUrl) => {
    const output = (name: string): string => {
      const value = outputs.get(name);
      if (value === undefined)
        throw new Problem(`The stack ${of.stackName} has no output ${name}.`);
      return value;
    };
    const config = consoleConfig({
      pageUrl: consoleUrl,
      clientId: output("ConsoleClientId"),
      issuer: output("Issuer"),
      signInUrl: output("SignInDomain"),
      stage: of.stage,
    });
    const objects = consoleObjects(await buildConsole(), config);
    const s3 = bucketClient(of.clientOptions);
    await uploadConsole(s3, output("ConsoleBucket"), objects, Date.now()).finally(() =>
      s3.destroy(),
    );
    of.say(`${objects.length} files of the console are in ${output("ConsoleBucket")}.`);
  },
  say: of.say,
});

const deployedOutputs = async (
  options: ClientOptions,
  StackName: string,
): Promise<ReadonlyMap<string, string> | undefined> => {
  const client = new CloudFormationClient(options);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return new Map(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
        OutputKey,
        OutputValue,
      ]),
    );
  } catch (error) {
    // How CloudFormation says that there is none.
    if (error instanceof Error && error.message.endsWith("does not exist")) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
};
