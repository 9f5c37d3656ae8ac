import { type Lambda, startLambda } from "../lambda/lambda.ts";
import { foundLocally } from "./found-locally.ts";
import type { Ground } from "./ground.ts";
import { templateFunctions } from "./template-functions.ts";

/** Starts Lambda with the template's functions. */
export const startFunctions = async (
  ground: Ground,
  {
    eventRetryDelaysMs,
    concurrentExecutions,
  }: {
    readonly eventRetryDelaysMs?: readonly number[] | undefined;
    readonly concurrentExecutions?: number | undefined;
  },
): Promise<Lambda> => {
  const { identity, declared, endpoint, addresses, file, logDirectory, log } = ground;
  const lambda = await startLambda({
    region: identity.region,
    accountId: identity.accountId,
    functions: templateFunctions(declared.template, declared.resources).map((one) => ({
      ...one,
      // Asked for when a process starts: what a function calls by its address may start after Lambda.
      get environment() {
        const here = Object.entries(one.environment).map(
          ([name, value]) => [name, addresses.here(foundLocally(value, ground))] as const,
        );
        // No X-Ray daemon listens here; without one the tracer would only cost time.
        return { ...Object.fromEntries(here), POWERTOOLS_TRACE_ENABLED: "false" };
      },
    })),
    access: endpoint.roleOf("lambda.amazonaws.com"),
    eventFile: file("events.sqlite"),
    eventInvokeConfigs: declared
      .ofType("AWS::Lambda::EventInvokeConfig")
      .map(({ logicalId, properties }) => ({ name: logicalId, properties })),
    logDirectory,
    ...(eventRetryDelaysMs === undefined ? {} : { eventRetryDelaysMs }),
    ...(concurrentExecutions === undefined ? {} : { concurrentExecutions }),
    log,
  });
  endpoint.register(lambda.service);
  return lambda;
};
