import { createHmac } from "node:crypto";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import type { Credentials } from "#local/wire/signature.ts";
import type { StackIdentity } from "../cloudformation/physical-resource.ts";
import { type CarriedOutCall, startAwsEndpoint } from "../endpoint/aws-endpoint.ts";
import { createIam } from "../iam/iam.ts";
import type { Declared } from "./declared.ts";
import { templateRoles } from "./template-roles.ts";

/** The AWS endpoint with IAM behind it: where services are registered, and as whom they are called. */
export interface Endpoint {
  readonly url: string;
  /** Serves the service from now on. */
  register(service: AwsService): void;
  /** The user who may do everything. */
  readonly operator: AwsAccess;
  /** What a service gets when it assumes a role, on behalf of a resource where it names one. */
  roleOf(servicePrincipal: string): (roleArn: string, sourceArn?: string) => AwsAccess;
  close(): Promise<void>;
}

/**
 * Starts the endpoint with the template's roles; no service is behind it yet.
 * @throws LocalError `PortInUse`
 */
export const startEndpoint = async (options: {
  readonly identity: StackIdentity;
  readonly declared: Declared;
  readonly port: number;
  readonly log: (line: string) => void;
  /** Told of each call that was carried out. */
  readonly onCall?: ((call: CarriedOutCall) => void) | undefined;
}): Promise<Endpoint> => {
  const { identity, declared, port, log, onCall } = options;
  const { region, accountId, masterSecret } = identity;
  const operator = operatorCredentials(masterSecret);
  const iam = createIam({
    accountId,
    masterSecret,
    operator,
    roles: templateRoles(declared.resources),
  });
  const endpoint = await startAwsEndpoint({ port, region, iam, log, onCall });
  const as = (credentials: Credentials): AwsAccess => ({
    endpoint: endpoint.url,
    region,
    credentials,
    direct: endpoint.direct,
  });
  return {
    url: endpoint.url,
    register: (service) => endpoint.register(service),
    operator: as(operator),
    roleOf: (servicePrincipal) => (roleArn, sourceArn) =>
      as(iam.credentialsFor(roleArn, servicePrincipal, sourceArn)),
    close: () => endpoint.close(),
  };
};

/** Derived, so that they are the same after a restart. */
const operatorCredentials = (masterSecret: string) => {
  const derive = (purpose: string): string =>
    createHmac("sha256", masterSecret).update(purpose).digest("base64url");
  const id = derive("operator/id").replaceAll(/[^A-Za-z0-9]/g, "");
  return {
    accessKeyId: `AKIA${id.slice(0, 16).toUpperCase()}`,
    secretAccessKey: derive("operator/secret"),
  };
};
