import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import type { PathParameters } from "#local/wire/rest-service.ts";
import { member, parseJson } from "../messages/json.ts";
import type { Certificate } from "./certificate-table.ts";
import type { ControlPlane } from "./control-plane.ts";

const CERTIFICATE_ID = /^[0-9a-f]{64}$/;

export const certificateArn = (plane: Pick<ControlPlane, "arn">, id: string): string =>
  plane.arn(`cert/${id}`);

const notFound = (what: string): AwsError =>
  new AwsError("ResourceNotFoundException", what, { status: 404 });

/** A path's `{certificateId}`. @throws AwsError `InvalidRequestException` */
export const certificateIdOf = (parameters: PathParameters): string => {
  const id = parameters("certificateId");
  if (CERTIFICATE_ID.test(id)) return id;
  throw new AwsError("InvalidRequestException", "certificateId is not 64 hexadecimal digits");
};

/**
 * The certificate that an ARN names.
 * @throws AwsError `InvalidRequestException` for another kind of principal, `ResourceNotFoundException`
 */
export const principalOf = (plane: ControlPlane, arn: string): Certificate => {
  const prefix = certificateArn(plane, "");
  const id = arn.startsWith(prefix) ? arn.slice(prefix.length) : "";
  if (CERTIFICATE_ID.test(id)) return registeredCertificate(plane, id);
  throw new AwsError(
    "InvalidRequestException",
    `${arn === "" ? "The principal is missing" : `${arn} is not imitated as a principal`}; a certificate's ARN begins ${prefix}`,
  );
};

/** The certificate of an id. @throws AwsError `ResourceNotFoundException` */
export const registeredCertificate = (plane: ControlPlane, id: string): Certificate => {
  const certificate = plane.certificates.get(id);
  if (certificate !== undefined) return certificate;
  throw notFound(`The certificate given in the principal does not exist. Certificate ID: ${id}`);
};

/** @throws AwsError `ResourceNotFoundException` */
export const requireThing = (plane: ControlPlane, thing: string): void => {
  if (plane.things.get(thing) === undefined) throw notFound(`Thing ${thing} cannot be found.`);
};

/** @throws AwsError `ResourceNotFoundException` */
export const requirePolicy = (plane: ControlPlane, policy: string): void => {
  if (!plane.policies.has(policy)) throw notFound(`Policy not found: ${policy}`);
};

/** The principal that some operations take in a header. */
export const principalHeader = (request: AwsRequest): string =>
  request.headers["x-amzn-principal"] ?? "";

/** The members of a JSON body; no body has none. @throws AwsError `InvalidRequestException` */
export const bodyMembers = (request: AwsRequest): JsonObject => {
  const json = request.body.length === 0 ? { value: {} } : parseJson(request.body);
  if ("fault" in json || !isObject(json.value)) {
    throw new AwsError("InvalidRequestException", "The body is not a JSON object");
  }
  return json.value;
};

/** A text of a JSON body; empty where there is none. @throws AwsError `InvalidRequestException` */
export const bodyText = (request: AwsRequest, name: string): string => {
  const value = member(bodyMembers(request), name);
  return typeof value === "string" ? value : "";
};
