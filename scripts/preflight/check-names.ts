import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IoTClient, paginateListPolicies, paginateListTopicRules } from "@aws-sdk/client-iot";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import type { StageNames } from "#aws/names/stage.ts";
import { RULE_NAMES, runSceneLogGroup } from "#aws/names/stage.ts";
import type { ClientOptions } from "../devices/stack-outputs.ts";
import type { Check } from "./check.ts";
import { bad, good, isCalled } from "./finding.ts";
import { gatewayNames } from "./gateway-names.ts";

/** Is every name free that the stack gives to what is the account's? */
export const checkNames: Check = {
  name: "names",
  find: async ({ clientOptions, names, isDeployed }) => {
    if (isDeployed) return good("are the stack's own");
    const taken = await takenNames(clientOptions, names);
    if (taken.length === 0)
      return good("gateway, rules, policy, schedule group, functions and log group are free");
    return bad(
      `taken already: ${taken.join(", ")}`,
      "Delete what is left of an earlier stack, or deploy a stage of its own: npm run deploy -- -c stage=NAME",
    );
  },
};

const takenNames = async (
  options: ClientOptions,
  names: StageNames,
): Promise<readonly string[]> => {
  const iot = new IoTClient(options);
  const lambda = new LambdaClient(options);
  const scheduler = new SchedulerClient(options);
  const logs = new CloudWatchLogsClient(options);
  try {
    const rules: (string | undefined)[] = [];
    for await (const page of paginateListTopicRules({ client: iot }, {})) {
      rules.push(...(page.rules ?? []).map(({ ruleName }) => ruleName));
    }
    const policies: (string | undefined)[] = [];
    for await (const page of paginateListPolicies({ client: iot }, {})) {
      policies.push(...(page.policies ?? []).map(({ policyName }) => policyName));
    }
    const gateways = await gatewayNames(options);
    const logGroup = runSceneLogGroup(names.stack);
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup }),
    );
    const functions: (readonly [string, boolean])[] = [];
    for (const FunctionName of [names.startScheduledScene, names.undoPartlyDone]) {
      functions.push([
        FunctionName,
        await found(lambda.send(new GetFunctionCommand({ FunctionName }))),
      ]);
    }
    const isThere: readonly (readonly [string, boolean])[] = [
      [names.gateway, gateways.includes(names.gateway)],
      ...RULE_NAMES.map((rule): [string, boolean] => {
        const name = names.topicRule(rule);
        return [name, rules.includes(name)];
      }),
      [names.devicePolicy, policies.includes(names.devicePolicy)],
      [
        names.scheduleGroup,
        await found(scheduler.send(new GetScheduleGroupCommand({ Name: names.scheduleGroup }))),
      ],
      ...functions,
      [logGroup, logGroups.some((group) => group.logGroupName === logGroup)],
    ];
    return isThere.filter(([, is]) => is).map(([name]) => name);
  } finally {
    for (const client of [iot, lambda, scheduler, logs]) client.destroy();
  }
};

const found = async (call: Promise<unknown>): Promise<boolean> => {
  try {
    await call;
    return true;
  } catch (error) {
    if (isCalled(error, "ResourceNotFoundException")) return false;
    throw error;
  }
};
