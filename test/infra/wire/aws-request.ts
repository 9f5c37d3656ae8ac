import type { AwsRequest } from "#local/wire/aws-service.ts";

/** A request as the AWS endpoint hands it on: a POST of `{}` to `/`, but for what `change` says. */
export const awsRequest = (
  change: Partial<Omit<AwsRequest, "body" | "query">> & {
    readonly body?: string;
    readonly query?: string;
  } = {},
): AwsRequest => ({
  method: change.method ?? "POST",
  path: change.path ?? "/",
  query: new URLSearchParams(change.query ?? ""),
  headers: change.headers ?? {},
  body: Buffer.from(change.body ?? "{}"),
  caller: change.caller ?? { arn: "arn:aws:iam::000000000000:user/operator" },
});
