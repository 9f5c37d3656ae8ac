import { Problem } from "../command/problem.ts";
import { mcpUrl } from "../devices/stack-outputs.ts";

/** What of a stack is known only when it has been deployed, and what its sign-in leads back to. */
export interface KnownAddresses {
  /** Where the console is found. */
  readonly consoleUrl?: string;
  /** The gateway's URL as clients enter it: codex makes its callback of it. */
  readonly gatewayUrl?: string;
}

/** What a deployment of the stack and its console takes. */
export interface DeploySteps {
  /** The stack's outputs by name; `undefined` while it is not deployed. */
  outputs(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Deploys the stack; its sign-in leads back to these addresses, as far as they are known. */
  deploy(known: KnownAddresses): Promise<void>;
  /** Puts the console's files where the stack serves them from. */
  upload(outputs: ReadonlyMap<string, string>, consoleUrl: string): Promise<void>;
  say(line: string): void;
}

/**
 * Deploys the stack with its console. The sign-in must know where the console and the gateway are, the console stands
 * before the gateway, and the gateway knows the sign-in's clients: so a first deployment is made without the addresses,
 * and one more with them, which changes two clients. `own` are addresses of one's own before them.
 */
export const deployWithConsole = async (
  steps: DeploySteps,
  own: KnownAddresses = {},
): Promise<string> => {
  const known = { ...addressesIn(await steps.outputs()), ...own };
  await steps.deploy(known);
  const outputs = await steps.outputs();
  const { consoleUrl, gatewayUrl } = { ...addressesIn(outputs), ...own };
  if (outputs === undefined || consoleUrl === undefined || gatewayUrl === undefined) {
    throw new Problem(
      "The stack was deployed and lacks the output ConsoleUrl or GatewayUrl; nothing was uploaded.",
    );
  }
  await steps.upload(outputs, consoleUrl);
  if (consoleUrl !== known.consoleUrl || gatewayUrl !== known.gatewayUrl) {
    steps.say(
      `The console is at ${consoleUrl}, the gateway at ${gatewayUrl}. The sign-in is told so by one more deployment.`,
    );
    await steps.deploy({ consoleUrl, gatewayUrl });
  }
  return consoleUrl;
};

const addressesIn = (outputs: ReadonlyMap<string, string> = new Map()): KnownAddresses => {
  const [consoleUrl, gatewayUrl] = [outputs.get("ConsoleUrl"), outputs.get("GatewayUrl")];
  return {
    ...(consoleUrl === undefined ? {} : { consoleUrl }),
    ...(gatewayUrl === undefined ? {} : { gatewayUrl: mcpUrl(gatewayUrl) }),
  };
};
