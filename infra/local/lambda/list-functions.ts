// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
import { jsonResponse } from "#local/wire/rest-service.ts";
import { configurationOf } from "./function-description.ts";
import type { LambdaOperation } from "./operation.ts";

/** ListFunctions, all in one page. */
export const listFunctions: LambdaOperation = {
  name: "ListFunctions",
  method: "GET",
  path: "/2015-03-31/functions/",
  understand: (_input, { byName }) => ({
    permissions: [{ action: "lambda:ListFunctions", resource: "*" }],
    carryOut: () => jsonResponse({ Functions: [...byName.values()].map(configurationOf) }),
  }),
};
