/** The functions that the stack deploys; each is a folder of functions/ with a handler.ts. */
export type FunctionName =
  | "home"
  | "fleet"
  | "audit"
  | "publish-commands"
  | "await-acknowledgements"
  | "conclude-run"
  | "intercept-tool-call"
  | "grant-scopes"
  | "start-scheduled-scene"
  | "refresh-sun-schedules"
  | "seal-records"
  | "sweep-runs"
  | "run-canary"
  | "undo-partly-done";

/** Every permission in the stack by name. One name is one statement of one role. */
export type GrantName =
  | `${FunctionName} may write its log`
  | `${FunctionName} may trace`
  | "home may read the home"
  | "home may read the audit"
  | "home may read what devices reported"
  | "home may list runs"
  | "home may record who looks"
  | "home may record refusals"
  | "home may save scenes"
  | "home may record changes"
  | "home may read shadows"
  | "home may record plans"
  | "home may record approvals"
  | "home may run scenes"
  | "home may claim runs"
  | "home may write schedules"
  | "home may place schedules"
  | "home may pass the schedules role"
  | "fleet may read who looks after every home"
  | "fleet may read the runs of all homes"
  | "fleet may record who looks"
  | "fleet may record refusals"
  | "audit may read who belongs where"
  | "audit may list runs"
  | "audit may read what devices reported"
  | "audit may read runs"
  | "audit may read the log"
  | "audit may read its key"
  | "audit may record who looks"
  | "audit may record refusals"
  | "intercept-tool-call may record refusals"
  | "refresh-sun-schedules may keep what it could not do"
  | "run-canary may read the machine client secret"
  | "run-canary may be its lamp"
  | "canary-schedule may invoke run-canary"
  | "seal-records may find records"
  | "seal-records may read records"
  | "seal-records may record retention"
  | "seal-records may read the log"
  | "seal-records may append to the log"
  | "seal-records may put leases and signed heads"
  | "seal-records may sign"
  | "seal-records may read its key"
  | "seal-schedule may invoke seal-records"
  | "sweep-runs may find open runs"
  | "sweep-runs may read runs and changes"
  | "sweep-runs may record outcomes"
  | "sweep-runs may keep how far it came"
  | "sweep-runs may read shadows"
  | "sweep-runs may update shadows"
  | "sweep-schedule may invoke sweep-runs"
  | "publish-commands may publish"
  | "publish-commands may read the audit"
  | "await-acknowledgements may read the audit"
  | "conclude-run may read the audit"
  | "conclude-run may read shadows"
  | "conclude-run may update shadows"
  | "run-scene may invoke publish-commands"
  | "run-scene may invoke await-acknowledgements"
  | "run-scene may invoke conclude-run"
  | "run-scene may invoke undo-partly-done"
  | "undo-partly-done may read homes"
  | "undo-partly-done may read the audit"
  | "undo-partly-done may read shadows"
  | "undo-partly-done may run scenes"
  | "undo-partly-done may record undos"
  | "undo-partly-done may record refusals"
  | "undo-partly-done may keep what it could not do"
  | "run-scene may put audit records"
  | "run-scene may write its log"
  | "run-scene may trace"
  | "iot-rule may put acknowledgements"
  | "iot-rule may put changes"
  | "iot-rule may republish last wills"
  | "iot-rule may write its errors"
  | "schedules may start scenes"
  | "schedules may keep dead letters"
  | "refresh may be started"
  | "refresh may keep dead letters"
  | "start-scheduled-scene may read homes and schedules"
  | "start-scheduled-scene may read firings"
  | "start-scheduled-scene may record firings"
  | "start-scheduled-scene may read the machine client secret"
  | "start-scheduled-scene may keep what it could not do"
  | "refresh-sun-schedules may list homes"
  | "refresh-sun-schedules may read homes"
  | "refresh-sun-schedules may read schedules"
  | "refresh-sun-schedules may write schedules"
  | "refresh-sun-schedules may place schedules"
  | "refresh-sun-schedules may pass the schedules role"
  | "refresh-sun-schedules may record firings"
  | "refresh-sun-schedules may record what it did"
  | "gateway may invoke home"
  | "gateway may invoke fleet"
  | "gateway may invoke audit"
  | "gateway may invoke intercept-tool-call";

/** By operator and key, what a request must be like. */
export type Conditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** Partition keys of the audit table: a run's records, and the looks of people who do not live in a home. */
export const RUN_KEYS = "HOME#*#RUN#*";
export const ACCESS_KEYS = "HOME#*#ACCESS#*";
/** And the plans that were shown, and the approvals that were asked for. */
export const PLAN_KEYS = "HOME#*#PLAN#*";
export const APPROVAL_KEYS = "HOME#*#APPROVAL#*";
/** And the looks at all homes at once. */
export const FLEET_ACCESS_KEYS = "FLEET#ACCESS#*";
/** And what became of a home's schedules. */
export const FIRING_KEYS = "HOME#*#SCHEDULE#*";
/** And what changed without a run. */
export const CHANGE_KEYS = "HOME#*#CHANGE#*";
/** And the calls that were refused, in whichever home. */
export const REFUSED_KEYS = "REFUSED#*";
/** And what a log says of itself. */
export const RETENTION_KEYS = ["HOME#*#RETENTION", "RETENTION"] as const;
/** Partition keys of the log table: leases and signed heads, which are written one by one. */
export const CONTROL_KEYS = "CTL#*";
/** Partition keys of the home table: what somebody belongs to, a home, and its schedules. */
export const PRINCIPAL_KEYS = "PRINCIPAL#*";
export const HOME_KEYS = "HOME#*";
export const SCHEDULE_KEYS = "HOME#*#SCHEDULES";
export const SCENES_KEYS = "HOME#*#SCENES";
export const CLAIM_KEYS = "HOME#*#CLAIMS";

/**
 * Holds a grant to the items whose partition key is like one of the patterns. ForAllValues is also true where a request names no
 * key at all, which Null excludes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export const onlyKeys = (...patterns: readonly [string, ...string[]]): Conditions => ({
  "ForAllValues:StringLike": {
    "dynamodb:LeadingKeys": patterns.length === 1 ? patterns[0] : patterns,
  },
  Null: { "dynamodb:LeadingKeys": "false" },
});

/** What a role may do, and to what. */
export interface Grant {
  readonly name: GrantName;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** Where a resource holds a `*`: why nothing narrower is possible. Without it the check of the template fails. */
  readonly wildcardReason?: string;
}

/** A statement's Sid says which grant it is: `home may trace` becomes `HomeMayTrace`. */
export const statementId = (name: GrantName): string =>
  name
    .split(/[ -]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
