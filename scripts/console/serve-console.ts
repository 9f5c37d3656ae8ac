import { randomBytes } from "node:crypto";
import { createAddresses } from "#local/stack/addresses.ts";
import { readDeclared } from "#local/stack/declared.ts";
import { startDistribution } from "#local/stack/start-distribution.ts";
import { STACK_NAME } from "../command/stack-name.ts";
import { mcpUrl, type StackOutputs } from "../devices/stack-outputs.ts";
import { readConsole } from "./built-console.ts";
import { consoleConfig } from "./console-config.ts";
import { consoleObjects } from "./console-objects.ts";
import { CONSOLE_ON_THIS_MACHINE } from "./on-this-machine.ts";

/** The console of a deployed stack, served on this machine. */
export interface ServedConsole {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page on this machine, through the distribution of the template and with its headers, before the gateway and
 * the sign-in of a stack that is deployed somewhere.
 * @throws LocalError `PortInUse`
 */
export const serveConsole = async (options: {
  /** A cloud assembly with the console in it. */
  readonly assembly: string;
  readonly stack: Pick<StackOutputs, "output">;
  readonly port: number;
  readonly log: (line: string) => void;
}): Promise<ServedConsole> => {
  const { assembly, stack, port, log } = options;
  // Names that stand for those of the stack, and are found where the stack says.
  const identity = {
    region: "us-east-1",
    accountId: "000000000000",
    stackName: STACK_NAME,
    masterSecret: randomBytes(32).toString("hex"),
  };
  const declared = readDeclared(assembly, identity);
  const addresses = createAddresses();
  const declaredAs = declared.outputs();
  const leadTo = (output: string, url: string): void =>
    addresses.add(new URL(declaredAs.get(output) ?? "").origin, new URL(url).origin);
  const signInUrl = stack.output("SignInDomain");
  leadTo("GatewayUrl", mcpUrl(stack.output("GatewayUrl")));
  leadTo("SignInDomain", signInUrl);
  const config = consoleConfig({
    // Cognito compares it exactly, so that another port than this leads nobody back.
    pageUrl: CONSOLE_ON_THIS_MACHINE,
    clientId: stack.output("ConsoleClientId"),
    issuer: stack.output("Issuer"),
    signInUrl,
  });
  const objects = new Map(
    consoleObjects(readConsole(assembly), config).map((object) => [object.key, object]),
  );
  return startDistribution(
    { identity, declared, addresses, log },
    {
      port,
      readObject: async (_bucket, key) => {
        const object = objects.get(key);
        if (object === undefined) return undefined;
        return {
          headers: { "content-type": object.contentType, "cache-control": object.cacheControl },
          body: Buffer.from(object.body),
        };
      },
    },
  );
};
