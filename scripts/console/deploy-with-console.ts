import { Problem } from "../command/problem.ts";

/** What a deployment of the stack and its console takes. */
export interface DeploySteps {
  /** The stack's outputs by name; `undefined` while it is not deployed. */
  outputs(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Deploys the stack; its sign-in leads back to a console at this address, if it is known. */
  deploy(consoleUrl: string | undefined): Promise<void>;
  /** Puts the console's files where the stack serves them from. */
  upload(outputs: ReadonlyMap<string, string>, consoleUrl: string): Promise<void>;
  say(line: string): void;
}

/**
 * Deploys the stack with its console. The sign-in must know where the console is, the console stands before the gateway,
 * and the gateway knows the sign-in's clients: so a first deployment is made without the console's address, and one more
 * with it, which changes one client. `ownUrl` is an address of one's own before the distribution.
 */
export const deployWithConsole = async (steps: DeploySteps, ownUrl?: string): Promise<string> => {
  const before = await steps.outputs();
  const known = ownUrl ?? before?.get("ConsoleUrl");
  await steps.deploy(known);
  const outputs = await steps.outputs();
  const url = ownUrl ?? outputs?.get("ConsoleUrl");
  if (outputs === undefined || url === undefined) {
    throw new Problem("The stack was deployed and has no output ConsoleUrl; nothing was uploaded.");
  }
  await steps.upload(outputs, url);
  if (url !== known) {
    steps.say(`The console is at ${url}. The sign-in is told so by one more deployment.`);
    await steps.deploy(url);
  }
  return url;
};
