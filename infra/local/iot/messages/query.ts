import { AwsError, type AwsRequest } from "#local/wire/aws-service.ts";

/** An integer of the query string within bounds. @throws AwsError `InvalidRequestException` */
export const queryInteger = (
  request: AwsRequest,
  name: string,
  bounds: { readonly least: number; readonly most: number; readonly otherwise: number },
): number => {
  const text = request.query.get(name);
  if (text === null) return bounds.otherwise;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= bounds.least && value <= bounds.most) return value;
  throw new AwsError(
    "InvalidRequestException",
    `${name} must be a whole number from ${bounds.least} to ${bounds.most}`,
  );
};

/** A flag of the query string. @throws AwsError `InvalidRequestException` */
export const queryFlag = (request: AwsRequest, name: string): boolean => {
  const value = request.query.get(name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw new AwsError("InvalidRequestException", `${name} is neither true nor false`);
};
