import { type Iot, type IotOptions, startIot } from "../iot/iot.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts IoT Core with the template's policies and topic rules.
 * @throws LocalError `PortInUse`, `DataDamaged`, `TemplateNotUnderstood` (a rule), `StartFailed` (no external broker)
 */
export const startIotCore = async (
  ground: Ground,
  options: {
    readonly authority: NonNullable<IotOptions["authority"]>;
    readonly mqtt: IotOptions["mqtt"];
  },
): Promise<Iot> => {
  const { identity, declared, endpoint, file, log } = ground;
  const iot = await startIot({
    file: file("iot.sqlite"),
    authority: options.authority,
    policies: declared.ofType("AWS::IoT::Policy").map(({ physical, properties }) => ({
      name: physical.ref,
      document: properties.PolicyDocument,
    })),
    mqtt: options.mqtt,
    region: identity.region,
    accountId: identity.accountId,
    access: endpoint.roleOf("iot.amazonaws.com"),
    rules: declared.ofType("AWS::IoT::TopicRule").map(({ physical, properties }) => ({
      name: physical.ref,
      properties,
    })),
    log,
  });
  for (const service of iot.services) endpoint.register(service);
  return iot;
};
