import { stageNames } from "#aws/names/stage.ts";
import type { ClientOptions } from "../devices/stack-outputs.ts";
import type { Check, Site } from "./check.ts";
import { checkBootstrap } from "./check-bootstrap.ts";
import { checkConcurrency } from "./check-concurrency.ts";
import { checkCredentials } from "./check-credentials.ts";
import { checkDomain } from "./check-domain.ts";
import { checkNames } from "./check-names.ts";
import { checkRegion } from "./check-region.ts";
import { checkStack } from "./check-stack.ts";
import { checkVersions } from "./check-versions.ts";
import { bad, type Finding, refused } from "./finding.ts";
import { stackThere } from "./stack-there.ts";

const CHECKS: readonly Check[] = [
  checkRegion,
  checkBootstrap,
  checkConcurrency,
  checkStack,
  checkNames,
  checkDomain,
];

/** What all checks found together. */
export interface Outlook {
  readonly isWell: boolean;
  /** The stack is there already. */
  readonly isDeployed: boolean;
}

/** Does one check after the other, and tells what each found. */
export const look = async (
  clientOptions: ClientOptions,
  stage: string | undefined,
  tell: (name: string, finding: Finding) => void,
): Promise<Outlook> => {
  const standings: Finding["standing"][] = [];
  const add = (name: string, finding: Finding): void => {
    standings.push(finding.standing);
    tell(name, finding);
  };
  add("versions", checkVersions());
  const { finding, account, region } = await checkCredentials(clientOptions);
  add("credentials", finding);
  if (region === undefined) {
    const nobody = bad("not looked at: nobody is signed in, or no region is named", "See above.");
    for (const { name } of CHECKS) add(name, nobody);
    return { isWell: false, isDeployed: false };
  }
  const names = stageNames(stage);
  // What this call is refused for, the check of the stack tells.
  const isDeployed = await stackThere(clientOptions, names.stack).then(
    (stack) => stack !== undefined,
    () => false,
  );
  const site: Site = {
    clientOptions,
    names,
    region,
    isDeployed,
    ...(account === undefined ? {} : { account }),
  };
  for (const check of CHECKS) add(check.name, await check.find(site).catch(refused));
  return { isWell: standings.every((standing) => standing === "good"), isDeployed };
};
