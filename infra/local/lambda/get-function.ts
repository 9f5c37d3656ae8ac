// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { configurationOf } from "./function-description.ts";
import { findFunction, namedFunction } from "./function-name.ts";
import type { LambdaOperation } from "./operation.ts";

/** GetFunction, without a place to download the code from. */
export const getFunction: LambdaOperation = {
  name: "GetFunction",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}",
  understand: (input, functions) => {
    const named = namedFunction(input, functions);
    return {
      permissions: [{ action: "lambda:GetFunction", resource: named.resource }],
      carryOut: () =>
        jsonResponse({
          Configuration: configurationOf(findFunction(functions, named)),
          Tags: {},
        }),
    };
  },
};
