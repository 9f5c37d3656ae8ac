import { parseThingPrefix, type ThingPrefix } from "#domain/home/home-place.ts";
import { HomeError } from "#domain/home-error.ts";

/**
 * The value of a variable that the stack sets for this function.
 * @throws HomeError `EnvironmentInvalid`, naming the variable.
 */
export const requiredVariable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new HomeError("EnvironmentInvalid", `The environment variable ${name} is not set.`);
  }
  return value;
};

/**
 * What stands before this stage's things. The default stage has nothing there, which is a value; no value at all would
 * let a stage command the default one's devices.
 * @throws HomeError `EnvironmentInvalid`
 */
export const thingPrefixOfStage = (): ThingPrefix => {
  const value = process.env.THING_PREFIX;
  if (value !== undefined) return parseThingPrefix(value);
  throw new HomeError("EnvironmentInvalid", "The environment variable THING_PREFIX is not set.");
};

/** Does the SDK talk to something other than AWS, as it does on one machine? */
export const isEndpointOverridden = (): boolean => process.env.AWS_ENDPOINT_URL !== undefined;

/**
 * What every SDK client is made with. Its middleware is put together once for each operation and not for each call, which is
 * a good part of what a call costs; nobody here adds any later.
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md
 */
export const SDK_CLIENT = { cacheMiddleware: true } as const;
