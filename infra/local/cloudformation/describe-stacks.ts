// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
import {
  AwsError,
  type AwsRequest,
  type AwsService,
  notEmulated,
} from "#local/wire/aws-service.ts";
import { escapeXml } from "#local/wire/xml.ts";

/** The stack that runs, as far as it can be described. */
export interface DescribedStack {
  readonly name: string;
  readonly arn: string;
  readonly startedMs: number;
  /** As they are when somebody asks. */
  readonly outputs: () => ReadonlyMap<string, string>;
}

const XMLNS = "http://cloudformation.amazonaws.com/doc/2010-05-15/";

/** CloudFormation's one operation here: DescribeStacks tells a script what `cdk deploy` printed, the outputs. */
export const describeStacks = (stack: DescribedStack): AwsService => ({
  signingNames: ["cloudformation"],
  errorProtocol: "query",
  understand: (request) => {
    const name = parse(request);
    return {
      permissions: [{ action: "cloudformation:DescribeStacks", resource: stack.arn }],
      carryOut: () => {
        if (name !== undefined && name !== stack.name && name !== stack.arn) {
          throw new AwsError("ValidationError", `Stack with id ${name} does not exist`);
        }
        const outputs = [...stack.outputs()].map(
          ([key, value]) =>
            `<member><OutputKey>${key}</OutputKey><OutputValue>${escapeXml(value)}</OutputValue></member>`,
        );
        return {
          status: 200,
          headers: { "content-type": "text/xml" },
          body:
            `<DescribeStacksResponse xmlns="${XMLNS}"><DescribeStacksResult><Stacks><member>` +
            `<StackName>${stack.name}</StackName><StackId>${stack.arn}</StackId>` +
            `<CreationTime>${new Date(stack.startedMs).toISOString()}</CreationTime>` +
            `<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join("")}</Outputs>` +
            "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>",
        };
      },
    };
  },
});

/** The stack that is asked for; all where none is named. */
const parse = (request: AwsRequest): string | undefined => {
  const form = new URLSearchParams(request.body.toString("utf8"));
  const action = form.get("Action");
  if (action !== "DescribeStacks") {
    throw notEmulated("CloudFormation", action ?? `${request.method} ${request.path}`);
  }
  return form.get("StackName") ?? undefined;
};
