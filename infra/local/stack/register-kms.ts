import { createKms } from "../kms/kms.ts";
import type { Ground } from "./ground.ts";

/**
 * Lets KMS sign with the template's keys.
 * @throws LocalError `TemplateNotUnderstood` (a key), `DataDamaged`
 */
export const registerKms = ({ identity, declared, endpoint, file }: Ground): void => {
  const keys = declared.ofType("AWS::KMS::Key").map(({ logicalId, physical, properties }) => ({
    logicalId,
    id: physical.ref,
    arn: physical.attributes.Arn ?? "",
    properties,
  }));
  const { region, accountId } = identity;
  endpoint.register(createKms({ region, accountId, keys, file }));
};
