// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html

/** What kind of mistake a diagnostic tells of, in AWS's words. */
export type DiagnosticCode =
  | "DUPLICATE_STATE_NAME"
  | "INVALID_JSON_DESCRIPTION"
  | "INVALID_JSONATA_EXPRESSION"
  | "INVALID_STATE_NAME"
  | "MISSING_DESCRIPTION"
  | "MISSING_END_STATE"
  | "MISSING_TRANSITION_TARGET"
  | "SCHEMA_VALIDATION_FAILED"
  | "UNSUPPORTED_JSONATA_EXPRESSION";

/** One thing that is wrong with a definition. */
export interface Diagnostic {
  readonly severity: "ERROR";
  readonly code: DiagnosticCode;
  readonly message: string;
  /** e.g. `/States/Wait/Seconds`; absent where the mistake is the whole definition's. */
  readonly location?: string;
}

/** Collects what is wrong with a definition, in the order in which it is found. */
export class Diagnostics {
  readonly found: Diagnostic[] = [];
  /** What AWS has and this stack does not imitate: not wrong, but it cannot be run here. */
  readonly notEmulated: string[] = [];

  add(code: DiagnosticCode, message: string, location?: string): void {
    this.found.push({
      severity: "ERROR",
      code,
      message,
      ...(location === undefined ? {} : { location }),
    });
  }

  /** A mistake against the schema, by far the most frequent kind. */
  schema(message: string, location: string): void {
    this.add("SCHEMA_VALIDATION_FAILED", message, location);
  }
}
