import type {
  AwsRequest,
  AwsResponse,
  AwsService,
  RequiredPermission,
} from "#local/wire/aws-service.ts";

/** A service that a test plays: what each request needs, and what it is answered. */
export const playedService = (played: {
  readonly signingNames: readonly string[];
  readonly errorProtocol: AwsService["errorProtocol"];
  readonly requiredPermissions?: (request: AwsRequest) => readonly RequiredPermission[];
  readonly handle: (request: AwsRequest) => Promise<AwsResponse>;
}): AwsService => ({
  signingNames: played.signingNames,
  errorProtocol: played.errorProtocol,
  understand: (request) => ({
    permissions: played.requiredPermissions?.(request) ?? [],
    carryOut: () => played.handle(request),
  }),
});
