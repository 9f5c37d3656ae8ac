import { Validations } from "aws-cdk-lib";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** The one topic that every alarm of the stack tells, and the budget where there is one: whoever looks after the stack subscribes to it. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, stackName: string) {
    super(scope, id, { displayName: `${stackName} alarms` });
    Validations.of(this).acknowledge({
      id: "AwsSolutions::AwsSolutions-SNS3",
      reason: "CloudWatch and Budgets alone publish here, over TLS, and what it says is no secret.",
    });
  }
}
