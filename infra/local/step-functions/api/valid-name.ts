import { AwsError } from "#local/wire/aws-service.ts";

// Blanks, brackets, wildcards, special and control characters are not allowed:
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_ALLOWED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

/**
 * Promises that a name of a state machine or an execution is one that AWS takes.
 * @throws AwsError `InvalidName`
 */
export const validName = (name: string): string => {
  if (name.length > 80 || NOT_ALLOWED.test(name)) {
    throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  }
  return name;
};
