import type { CheckDone, CheckName } from "./check.ts";

/** Something that our documents rest on and that no account has confirmed yet. */
export interface Question {
  readonly id: string;
  /** As infra/aws/README.md asks it. */
  readonly question: string;
  /** All of these hold where it is so; without any, this command does not settle it. */
  readonly settledBy: readonly CheckName[];
  /** What settles it otherwise. */
  readonly otherwise?: string;
}

/** A question, and what this visit says to it. */
export interface Answered extends Question {
  readonly settled: boolean;
  /** Only where it is settled. */
  readonly holds?: boolean;
}

/** Every question that is open as long as nothing was deployed; infra/aws/README.md lists the same. */
export const QUESTIONS: readonly Question[] = [
  {
    id: "gateway-form",
    question:
      "AgentCore takes the gateway, its targets and interceptors in this form, with its role bound by aws:SourceArn",
    settledBy: ["mcp session"],
  },
  {
    id: "gateway-url",
    question: "Metadata and challenge are at the output GatewayUrl, with /mcp at its end",
    settledBy: ["sign-in way"],
  },
  {
    id: "content-type",
    question: "An answer that passed the RESPONSE interceptor keeps its Content-Type",
    settledBy: ["mcp session"],
  },
  {
    id: "denial",
    question: "A REQUEST interceptor's denial arrives with its challenge and its body",
    settledBy: ["narrow token"],
  },
  {
    id: "caller-headers",
    question: "The REQUEST interceptor's headers reach a Lambda target",
    settledBy: ["scene"],
  },
  {
    id: "is-error",
    question: "A RESPONSE interceptor may set isError",
    settledBy: ["guest"],
  },
  {
    id: "empty-variable",
    question: "An environment variable of a function may be empty",
    settledBy: ["scene"],
  },
  {
    id: "nested-maps",
    question: "The rule's nested results are maps in DynamoDB, and its stamps are numbers",
    settledBy: ["audit records"],
  },
  {
    id: "leading-keys",
    question:
      "A LeadingKeys condition fits the PutItem of a rule of IoT, of Step Functions and of a function",
    settledBy: ["audit records", "guest"],
  },
  {
    id: "republish",
    question: "A dotted alias nests a constant, and a republished message updates a shadow",
    settledBy: ["last will"],
  },
  {
    id: "device-policy",
    question: "The device policy's variables are filled for a certificate that add-device made",
    settledBy: ["certificate over mqtt"],
  },
  {
    id: "withdrawal",
    question: "A conditional update takes a command out of a real shadow",
    settledBy: ["withdrawal"],
  },
  {
    id: "caller-gone",
    question: "An Express execution goes on when the caller of its StartSyncExecution has gone",
    settledBy: ["caller gone"],
  },
  {
    id: "detach",
    question:
      "remove-device finds a certificate detached soon enough to delete it, though DetachThingPrincipal is asynchronous",
    settledBy: ["removal"],
  },
  {
    id: "sweeper",
    question: "A run that was cut off is ended by the sweeper",
    settledBy: ["cut-off run"],
  },
  {
    id: "roles-in-time",
    question: "Roles are known everywhere in time when a stack is made",
    settledBy: [],
    otherwise: "the first npm run deploy",
  },
  {
    id: "log-delivery",
    question:
      "Step Functions can set up its log delivery with exactly these rights, and a rule's error action writes",
    settledBy: [],
    otherwise: "a run that fails, and its line in npm run logs -- --aws",
  },
  {
    id: "client-secret",
    question: "Fn::GetAtt gives a user pool client's ClientSecret, within a JSON text of a secret",
    settledBy: [],
    otherwise: "a schedule that runs: npm run schedule -- list --aws",
  },
  {
    id: "schedule-role",
    question: "CreateSchedule takes a role whose trust names the group's ARN",
    settledBy: [],
    otherwise: "npm run schedule -- add --aws",
  },
  {
    id: "schedule-seconds",
    question: "A schedule at(…) with seconds is delivered with the planned second",
    settledBy: [],
    otherwise: "npm run schedule -- list --aws, the day after",
  },
  {
    id: "scheduler-age",
    question:
      "When exactly the scheduler gives an event up, and how Cognito says that it throttles its token endpoint",
    settledBy: [],
    otherwise: "the queues of dead letters, in use",
  },
  {
    id: "java-patterns",
    question: "AWS's rules read the regular expressions as Java's",
    settledBy: [],
    otherwise: "two stages in one region",
  },
  {
    id: "sign-in-page",
    question: "The sign-in page comes in Cognito's own style under the domain prefix",
    settledBy: [],
    otherwise: "npm run doctor -- --aws --sign-in",
  },
  {
    id: "claude-clients",
    question: "Every Claude client takes Cognito, which does not advertise PKCE's S256",
    settledBy: [],
    otherwise: "each client, once",
  },
  {
    id: "kms",
    question: "KMS signs with Ed25519 in the region, and the sealer's transactions bear the load",
    settledBy: [],
    otherwise: "npm run audit -- verify --live --aws, two minutes later",
  },
  {
    id: "metric-lines",
    question: "Metric lines stay as they are under Lambda's JSON logs",
    settledBy: [],
    otherwise: "the stack's dashboard, five minutes later",
  },
  {
    id: "alarm-fill",
    question:
      "An alarm's FILL gives nothing, and so an alarm, while there are no data at all; SUM and MAX of a list leave out what has none",
    settledBy: [],
    otherwise: "the alarms' graphs in CloudWatch, the day after",
  },
  {
    id: "host-told",
    question: "An interceptor is told the Host of a request",
    settledBy: [],
    otherwise: "the log of intercept-tool-call, once",
  },
  {
    id: "rollback",
    question: "CloudFormation deletes an unprotected table in the rollback of a first deployment",
    settledBy: [],
    otherwise: "a first npm run deploy that fails",
  },
  {
    id: "preflight",
    question: "What preflight asks is answered as it expects, and DeleteStack too",
    settledBy: [],
    otherwise: "npm run preflight, and npm run destroy-home",
  },
  {
    id: "through-cloudfront",
    question:
      "The gateway takes calls through CloudFront: its TLS with the origin's own name as Host, and no check of Origin when there is none",
    settledBy: [],
    otherwise: "signing in at the console's address, once",
  },
  {
    id: "cloudfront-events",
    question:
      "A distribution's functions get the events as CloudFront's pages show them, and a change is deployed within minutes",
    settledBy: [],
    otherwise: "the second npm run deploy",
  },
  {
    id: "load",
    question: "Cold starts, cost, quotas and limits under load",
    settledBy: [],
    otherwise: "use, and the bill",
  },
];

/** What the checks say to each question: settled where all that it needs were made, well or not. */
export const answered = (checks: readonly CheckDone[]): readonly Answered[] =>
  QUESTIONS.map((question) => {
    const states = question.settledBy.map(
      (name) => checks.find(({ check }) => check === name)?.state ?? "untried",
    );
    if (states.length === 0) return { ...question, settled: false };
    if (states.includes("fails")) return { ...question, settled: true, holds: false };
    return states.includes("untried")
      ? { ...question, settled: false }
      : { ...question, settled: true, holds: true };
  });
