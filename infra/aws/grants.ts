/** The functions that the stack deploys; each is a folder of functions/ with a handler.ts. */
export type FunctionName =
  | "home"
  | "publish-commands"
  | "await-acknowledgements"
  | "conclude-run"
  | "authorize-tool-call"
  | "shape-tool-response"
  | "grant-scopes";

/** Every permission in the stack by name. One name is one statement of one role. */
export type GrantName =
  | `${FunctionName} may write its log`
  | `${FunctionName} may trace`
  | "home may read the home"
  | "home may read the audit"
  | "home may run scenes"
  | "publish-commands may publish"
  | "await-acknowledgements may read the audit"
  | "conclude-run may read the audit"
  | "conclude-run may read shadows"
  | "conclude-run may update shadows"
  | "run-scene may invoke publish-commands"
  | "run-scene may invoke await-acknowledgements"
  | "run-scene may invoke conclude-run"
  | "run-scene may put audit records"
  | "run-scene may write its log"
  | "run-scene may trace"
  | "iot-rule may put acknowledgements"
  | "iot-rule may republish last wills"
  | "iot-rule may write its errors"
  | "gateway may invoke home"
  | "gateway may invoke authorize-tool-call"
  | "gateway may invoke shape-tool-response";

/** What a role may do, and to what. */
export interface Grant {
  readonly name: GrantName;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Where a resource holds a `*`: why nothing narrower is possible. Without it the check of the template fails. */
  readonly wildcardReason?: string;
}

/** A statement's Sid says which grant it is: `home may trace` becomes `HomeMayTrace`. */
export const statementId = (name: GrantName): string =>
  name
    .split(/[ -]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
