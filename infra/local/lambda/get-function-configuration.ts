// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { configurationOf } from "./function-description.ts";
import { findFunction, namedFunction } from "./function-name.ts";
import type { LambdaOperation } from "./operation.ts";

/** GetFunctionConfiguration: what the template says of the function. */
export const getFunctionConfiguration: LambdaOperation = {
  name: "GetFunctionConfiguration",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/configuration",
  understand: (input, functions) => {
    const named = namedFunction(input, functions);
    return {
      permissions: [{ action: "lambda:GetFunctionConfiguration", resource: named.resource }],
      carryOut: () => jsonResponse(configurationOf(findFunction(functions, named))),
    };
  },
};
