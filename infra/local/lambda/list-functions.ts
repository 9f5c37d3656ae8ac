// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
import type { FunctionDescription } from "./function-description.ts";
import { getFunctionConfiguration } from "./get-function-configuration.ts";

/** ListFunctions, all in one page. */
export const listFunctions = (descriptions: Iterable<FunctionDescription>) => ({
  Functions: [...descriptions].map(getFunctionConfiguration),
});
