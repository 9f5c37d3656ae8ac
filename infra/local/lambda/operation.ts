import type { AwsRequest, AwsResponse } from "#local/wire/aws-service.ts";
import type { RestOperation } from "#local/wire/rest-service.ts";
import type { FunctionDescription } from "./function-description.ts";

/** What the operations of the Lambda API work on. */
export interface Functions {
  readonly region: string;
  readonly accountId: string;
  readonly byName: ReadonlyMap<string, FunctionDescription>;
  invoke(description: FunctionDescription, request: AwsRequest): Promise<AwsResponse>;
}

/** An operation of the Lambda API. */
export type LambdaOperation = RestOperation<Functions>;
