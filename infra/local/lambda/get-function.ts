// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
import type { FunctionDescription } from "./function-description.ts";
import { getFunctionConfiguration } from "./get-function-configuration.ts";

/** GetFunction, without a place to download the code from. */
export const getFunction = (description: FunctionDescription) => ({
  Configuration: getFunctionConfiguration(description),
  Tags: {},
});
