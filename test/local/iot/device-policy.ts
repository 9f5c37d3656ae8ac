const IOT = "arn:aws:iot:us-east-1:000000000000";
const THING = "${iot:Connection.Thing.ThingName}";

/**
 * The template's policy for devices, where the stack is in us-east-1 of account 000000000000;
 * test/infra/iot/iot-device-permissions.test.ts compares the two.
 */
export const DEVICE_POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ConnectAsItself",
      Effect: "Allow",
      Action: "iot:Connect",
      Resource: `${IOT}:client/${THING}`,
      Condition: { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
    },
    {
      Sid: "ReportItselfAndItsEnd",
      Effect: "Allow",
      Action: "iot:Publish",
      Resource: [
        `${IOT}:topic/$aws/things/${THING}/shadow/get`,
        `${IOT}:topic/$aws/things/${THING}/shadow/update`,
        `${IOT}:topic/smarthome/${THING}/last-will`,
      ],
    },
    {
      Sid: "AskForItsCommands",
      Effect: "Allow",
      Action: "iot:Subscribe",
      Resource: [
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/update/delta`,
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/update/accepted`,
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/update/rejected`,
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/get/accepted`,
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/get/rejected`,
        `${IOT}:topicfilter/$aws/things/${THING}/shadow/get/+`,
      ],
    },
    {
      Sid: "GetItsCommands",
      Effect: "Allow",
      Action: "iot:Receive",
      Resource: [
        `${IOT}:topic/$aws/things/${THING}/shadow/update/*`,
        `${IOT}:topic/$aws/things/${THING}/shadow/get/accepted`,
        `${IOT}:topic/$aws/things/${THING}/shadow/get/rejected`,
      ],
    },
  ],
} as const;
