import {
  type CertificateStatus,
  DescribeCertificateCommand,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import { callAws } from "#local/wire/aws-call.ts";
import type { IotBenchOptions } from "./support.ts";
import { type SecureBench, startSecureBench } from "./tls/secure-bench.ts";

/** What every call is signed with. */
export const CREDENTIALS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };

/** The bench of the test file that started it: each file loads this module for itself. */
export let bench: SecureBench;
/** Starts it, with its TLS port; whoever starts it closes it. */
export const startRegistryBench = async (options: IotBenchOptions = {}): Promise<void> => {
  bench = await startSecureBench(options);
};

/** A request as it goes over the wire, for what no SDK would send. */
export const plain = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
) =>
  callAws(
    { endpoint: bench.endpoint, region: "us-east-1", credentials: CREDENTIALS },
    { service: "iot", method, path, body, headers },
  );

/** How a refusal of the SDK looks. */
export const refused = (name: string, httpStatusCode: number) => ({
  name,
  $metadata: { httpStatusCode },
});
/** What AWS does not take. */
export const INVALID = refused("InvalidRequestException", 400);
/** What nobody made. */
export const NOT_FOUND = refused("ResourceNotFoundException", 404);

/** What DescribeCertificate tells of a certificate. */
export const describeOf = async (certificateId: string | undefined) =>
  (await bench.control.send(new DescribeCertificateCommand({ certificateId })))
    .certificateDescription;
/** Sets a certificate's status. */
export const setStatus = (certificateId: string | undefined, newStatus: CertificateStatus) =>
  bench.control.send(new UpdateCertificateCommand({ certificateId, newStatus }));
/** The policies of a certificate, by its ARN. */
export const attachedPolicies = async (target: string) =>
  (await bench.control.send(new ListAttachedPoliciesCommand({ target }))).policies;
/** The ARNs of the certificates that stand for a thing. */
export const principalsOf = async (thingName: string) =>
  (await bench.control.send(new ListThingPrincipalsCommand({ thingName }))).principals;
