import { type Lambda, startLambda } from "../lambda/lambda.ts";
import type { Ground } from "./ground.ts";
import { templateFunctions } from "./template-functions.ts";

/** Starts Lambda with the template's functions. */
export const startFunctions = async (ground: Ground): Promise<Lambda> => {
  const { identity, declared, endpoint, file, logDirectory, log } = ground;
  const lambda = await startLambda({
    region: identity.region,
    accountId: identity.accountId,
    // No X-Ray daemon listens here; without one the tracer would only cost time.
    functions: templateFunctions(declared.template, declared.resources).map((one) => ({
      ...one,
      environment: { ...one.environment, POWERTOOLS_TRACE_ENABLED: "false" },
    })),
    access: endpoint.roleOf("lambda.amazonaws.com"),
    eventFile: file("events.sqlite"),
    eventInvokeConfigs: declared
      .ofType("AWS::Lambda::EventInvokeConfig")
      .map(({ logicalId, properties }) => ({ name: logicalId, properties })),
    logDirectory,
    log,
  });
  endpoint.register(lambda.service);
  return lambda;
};
