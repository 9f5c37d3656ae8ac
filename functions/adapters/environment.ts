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

/** Does the SDK talk to something other than AWS, as it does on one machine? */
export const isEndpointOverridden = (): boolean => process.env.AWS_ENDPOINT_URL !== undefined;
