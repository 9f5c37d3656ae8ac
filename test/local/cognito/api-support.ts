import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { AwsService } from "#local/wire/aws-service.ts";
import { playedService } from "../../support/played-service.ts";

const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

/** The real local AWS endpoint with these services behind it, and an operator who may do everything. */
export const startTestApi = async (...services: readonly AwsService[]) => {
  /** What IAM was asked. */
  const asked: string[] = [];
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: (accessKeyId) =>
        accessKeyId === credentials.accessKeyId
          ? { caller: { arn: "arn:aws:iam::000000000000:user/operator" }, credentials }
          : undefined,
      decide: (_caller, { action, resource }) => {
        asked.push(`${action} ${resource}`);
        return { allowed: true };
      },
    },
  });
  for (const service of services) endpoint.register(service);
  const access: AwsAccess = { endpoint: endpoint.url, region: "us-east-1", credentials };
  return {
    asked,
    access,
    /** The configuration of an SDK client. */
    client: { region: "us-east-1", endpoint: endpoint.url, credentials, maxAttempts: 1 },
    close: () => endpoint.close(),
  };
};

/** A Lambda API with one function; a handler that throws is a function error. */
export const lambdaService = (
  handler: (event: Readonly<Record<string, unknown>>, arn: string) => unknown,
): AwsService =>
  playedService({
    signingNames: ["lambda"],
    errorProtocol: "rest-json",
    requiredPermissions: () => [],
    handle: async ({ path, body }) => {
      const event = JSON.parse(body.toString("utf8")) as Readonly<Record<string, unknown>>;
      try {
        const result: unknown = await handler(event, decodeURIComponent(path.split("/")[3] ?? ""));
        return { status: 200, headers: {}, body: JSON.stringify(result) };
      } catch (error) {
        const errorMessage = error instanceof Error ? error.message : String(error);
        return {
          status: 200,
          headers: { "x-amz-function-error": "Unhandled" },
          body: JSON.stringify({ errorType: "Error", errorMessage }),
        };
      }
    },
  });
