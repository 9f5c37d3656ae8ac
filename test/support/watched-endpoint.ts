import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
} from "#local/wire/aws-service.ts";

/** A call of AWS that a test watches. */
export interface WatchedCall {
  readonly request: AwsRequest;
  /** The permissions that it needs, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  carryOut(): AwsResponse | Promise<AwsResponse>;
}

type Endpoint = typeof import("#local/endpoint/aws-endpoint.ts");

/** In the place of the module of the AWS endpoint: each call of its services is carried out as a test says. */
export const watchedEndpoint = (
  { startAwsEndpoint }: Pick<Endpoint, "startAwsEndpoint">,
  carryOut: (call: WatchedCall) => AwsResponse | Promise<AwsResponse>,
): Pick<Endpoint, "startAwsEndpoint"> => {
  const watched = (service: AwsService): AwsService => ({
    ...service,
    understand: (request) => {
      const understood = service.understand(request);
      const action = understood.permissions.map((one) => one.action).join(" ");
      return {
        ...understood,
        carryOut: () => carryOut({ request, action, carryOut: () => understood.carryOut() }),
      };
    },
  });
  return {
    startAwsEndpoint: async (options) => {
      const endpoint = await startAwsEndpoint(options);
      return { ...endpoint, register: (service) => endpoint.register(watched(service)) };
    },
  };
};

/** What a caller is told who was killed: no answer, and nothing that a try of its own would mend. */
export const killed = (who: string): AwsError =>
  new AwsError("AccessDeniedException", `${who} was killed.`, { status: 403 });

/**
 * Carries a call out, whose caller is killed on one side of it or on none.
 * @param onKill is told at that moment
 */
export const carryOutOrKill = async (
  { carryOut }: WatchedCall,
  side: "before" | "after" | undefined,
  who: string,
  onKill: () => void,
): Promise<AwsResponse> => {
  const strike = (): never => {
    onKill();
    throw killed(who);
  };
  if (side === "before") strike();
  const answer = await carryOut();
  return side === "after" ? strike() : answer;
};
