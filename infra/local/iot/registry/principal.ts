import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import type { PathParameters } from "#local/wire/rest-service.ts";
import { member, parseJson } from "../messages/json.ts";
import type { Certificate } from "./certificate-table.ts";
import type { ControlPlane } from "./control-plane.ts";

const CERTIFICATE_ID = /^[0-9a-f]{64}$/;

export const certificateArn = (plane: Pick<ControlPlane, "arn">, id: string): string =>
  plane.arn(`cert/${id}`);

const notFound = (what: string): AwsError =>
  new AwsError("ResourceNotFoundException", what, { status: 404 });

/**
 * The certificate of a path's `{certificateId}`.
 * @throws AwsError `InvalidRequestException` or `ResourceNotFoundException`
 */
export const certificateOf = (plane: ControlPlane, parameters: PathParameters): Certificate =>
  registered(plane, certificateIdOf(parameters));

/** @throws AwsError `InvalidRequestException` */
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
  if (CERTIFICATE_ID.test(id)) return registered(plane, id);
  throw new AwsError(
    "InvalidRequestException",
    `${arn === "" ? "The principal is missing" : `${arn} is not imitated as a principal`}; a certificate's ARN begins ${prefix}`,
  );
};

const registered = (plane: ControlPlane, id: string): Certificate => {
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

/** A text of a JSON body; empty where there is none. @throws AwsError `InvalidRequestException` */
export const bodyText = (request: AwsRequest, name: string): string => {
  const json = request.body.length === 0 ? { value: {} } : parseJson(request.body);
  if ("fault" in json || !isObject(json.value)) {
    throw new AwsError("InvalidRequestException", "The body is not a JSON object");
  }
  const value = member(json.value, name);
  return typeof value === "string" ? value : "";
};

/** A flag of the query string. @throws AwsError `InvalidRequestException` */
export const queryFlag = (request: AwsRequest, name: string): boolean => {
  const value = request.query.get(name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw new AwsError("InvalidRequestException", `${name} is neither true nor false`);
};
