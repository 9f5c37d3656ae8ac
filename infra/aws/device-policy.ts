import { aws_iot as iot, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import {
  lastWillTopic,
  shadowDeltaTopic,
  shadowGetAcceptedTopic,
  shadowGetAnswersFilter,
  shadowGetRejectedTopic,
  shadowGetTopic,
  shadowUpdateAcceptedTopic,
  shadowUpdateRejectedTopic,
  shadowUpdateTopic,
} from "#domain/topics.ts";
import { topicArn, topicFilterArn } from "./names/iot-arns.ts";
import type { StackSettings } from "./stack-settings.ts";

// AWS IoT puts the name of the thing in whose name the connection was made here.
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
const THING = "${iot:Connection.Thing.ThingName}";

/** The AWS IoT policy for each device's certificate: a device is itself, and nobody else. */
export class DevicePolicy extends Construct {
  readonly policyName: string;

  constructor(scope: Construct, id: string, { names }: StackSettings) {
    super(scope, id);
    const stack = Stack.of(this);
    const answers = [
      shadowDeltaTopic(THING),
      shadowUpdateAcceptedTopic(THING),
      shadowUpdateRejectedTopic(THING),
      shadowGetAcceptedTopic(THING),
      shadowGetRejectedTopic(THING),
    ];
    const policy = new iot.CfnPolicy(this, "SmarthomeDevice", {
      policyName: names.devicePolicy,
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ConnectAsItself",
            Effect: "Allow",
            Action: "iot:Connect",
            Resource: stack.formatArn({ service: "iot", resource: "client", resourceName: THING }),
            Condition: { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
          },
          {
            Sid: "ReportItselfAndItsEnd",
            Effect: "Allow",
            Action: "iot:Publish",
            Resource: [
              topicArn(stack, shadowGetTopic(THING)),
              topicArn(stack, shadowUpdateTopic(THING)),
              topicArn(stack, lastWillTopic(THING)),
            ],
          },
          {
            Sid: "AskForItsCommands",
            Effect: "Allow",
            Action: "iot:Subscribe",
            // The shadow client of AWS's device SDK v2 asks for both answers of a get at once.
            // https://github.com/awslabs/aws-c-iot (source/iotshadow)
            Resource: [...answers, shadowGetAnswersFilter(THING)].map((filter) =>
              topicFilterArn(stack, filter),
            ),
          },
          {
            Sid: "GetItsCommands",
            Effect: "Allow",
            Action: "iot:Receive",
            // What it may ask for is named above. Were all of it named here too, the document would be longer than the 2,048
            // characters that AWS takes. https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html
            Resource: [
              `${shadowUpdateTopic(THING)}/*`,
              shadowGetAcceptedTopic(THING),
              shadowGetRejectedTopic(THING),
            ].map((topic) => topicArn(stack, topic)),
          },
        ],
      },
    });
    this.policyName = policy.ref;
  }
}
