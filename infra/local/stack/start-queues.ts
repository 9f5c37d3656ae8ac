import { type Sqs, startSqs } from "../sqs/sqs.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts SQS with the template's queues.
 * @throws LocalError `DataDamaged`, `TemplateNotUnderstood` (a queue)
 */
export const startQueues = ({ identity, declared, endpoint, file }: Ground): Sqs => {
  const sqs = startSqs({
    file: file("sqs.sqlite"),
    region: identity.region,
    accountId: identity.accountId,
    endpointUrl: endpoint.url,
    queues: declared.ofType("AWS::SQS::Queue").map(({ physical, properties }) => ({
      name: physical.attributes.QueueName ?? "",
      properties,
    })),
  });
  endpoint.register(sqs.service);
  return sqs;
};
