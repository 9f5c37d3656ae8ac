/** What the AWS endpoint and an emulated service say to each other. It carries HTTP, never a function of a neighbour. */

/** Who signed a request: what IAM would call the principal. */
export interface Caller {
  /** e.g. `arn:aws:sts::000000000000:assumed-role/HomeRole/local`, or the operator's user ARN. */
  readonly arn: string;
  /** The IAM role's ARN when the caller is an assumed role; absent for the operator's user. */
  readonly roleArn?: string;
}

/** One HTTP request that arrived on the AWS endpoint, signature verified. */
export interface AwsRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly caller: Caller;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One permission that a request needs, in the words of the Service Authorization Reference. */
export interface RequiredPermission {
  /** e.g. `dynamodb:PutItem` */
  readonly action: string;
  /** The ARN that the action is decided on; `*` for actions without a resource type. */
  readonly resource: string;
  /** Values for the condition keys that this request carries, e.g. `{"dynamodb:LeadingKeys": ["RUN#1"]}`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** What a request asks for, read once: first what its caller must be allowed to do, then the doing. */
export interface Understood<Answer> {
  /** Every permission the caller must have. */
  readonly permissions: readonly RequiredPermission[];
  /** Carries the request out, once. Throws AwsError for what AWS would answer as an error. */
  carryOut(): Answer | Promise<Answer>;
}

/** An emulated service behind the one AWS endpoint. */
export interface AwsService {
  /** SigV4 signing names by which a request finds this service, e.g. `["iotdata", "iotdevicegateway"]`. */
  readonly signingNames: readonly string[];
  /**
   * How an error is written: `json` is AWS JSON 1.x (`__type` in the body), `rest-json` is `x-amzn-errortype` and a
   * body, `query` is the XML of the form-encoded protocol, `s3` that of S3.
   */
  readonly errorProtocol: "json" | "rest-json" | "query" | "s3";
  /**
   * Operations that AWS takes without a signature and that are not imitated, as `x-amz-target` names them; other unsigned
   * requests never reach a service.
   */
  readonly unsigned?: { readonly name: string; readonly targets: ReadonlySet<string> };
  /** Reads a request. Throws AwsError for one that is not understood. */
  understand(request: AwsRequest): Understood<AwsResponse>;
}

/** An error as AWS answers it: a stable code, a message, an HTTP status. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body, e.g. `Item` or `CancellationReasons`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: {
      readonly status?: number;
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** The answer of every operation that AWS has and this stack does not imitate. */
export const notEmulated = (service: string, operation: string): AwsError =>
  new AwsError(
    "NotEmulated",
    `The local stack does not imitate ${service} ${operation}; infra/local/README.md lists what it does.`,
    { status: 501 },
  );
