// How AWS answers input that does not fit its API description.
import { AwsError } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { type Page, pageByPosition } from "#local/wire/page.ts";

const invalid = (detail: string): AwsError =>
  new AwsError("ValidationException", `1 validation error detected: ${detail}`);

/** A member that must be there. @throws AwsError `ValidationException` */
export const requiredText = (input: JsonObject, member: string): string => {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  if (value === undefined || value === null) {
    throw invalid(
      `Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  if (value === "") {
    throw invalid(
      `Value '' at '${member}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  }
  throw wrongType(member, "a string");
};

/** A member that may be left out. @throws AwsError `SerializationException` for another type. */
export const optionalText = (input: JsonObject, member: string): string | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw wrongType(member, "a string");
};

/** A flag that may be left out. */
export const optionalFlag = (input: JsonObject, member: string): boolean | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw wrongType(member, "a boolean");
};

/** A number that may be left out. */
export const optionalNumber = (input: JsonObject, member: string): number | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value;
  throw wrongType(member, "a number");
};

/** An object that may be left out. */
export const optionalObject = (input: JsonObject, member: string): JsonObject | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  throw wrongType(member, "an object");
};

/** One of a fixed set of words. @throws AwsError `ValidationException` */
export const optionalWord = <T extends string>(
  input: JsonObject,
  member: string,
  words: readonly T[],
): T | undefined => {
  const value = optionalText(input, member);
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw invalid(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(", ")}]`,
  );
};

const wrongType = (member: string, expected: string): AwsError =>
  new AwsError("SerializationException", `The member '${member}' must be ${expected}.`);

/** The page of a listing that is asked for. @throws AwsError `ValidationException`, `InvalidToken` */
export const page = <T>(all: readonly T[], input: JsonObject): Page<T> => {
  const token = optionalText(input, "nextToken");
  // 0 means the default.
  const size = optionalNumber(input, "maxResults") || 100;
  if (!Number.isInteger(size) || size < 0 || size > 1000) {
    throw invalid(
      `Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
  }
  const invalidToken = () => new AwsError("InvalidToken", `Invalid Token: '${token}'`);
  return pageByPosition(all, { size, token, invalidToken });
};

/** A time as AWS JSON 1.0 writes it: seconds, with milliseconds behind the point. */
export const timestamp = (ms: number): number => Math.round(ms) / 1000;
