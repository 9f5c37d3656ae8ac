/** Stable codes of everything that can be wrong with a request to the home. Tests and clients match these, never the wording. */
export type HomeErrorCode =
  | "ToolUnknown"
  | "ArgumentsInvalid"
  | "CallerUnknown"
  | "NotAllowed"
  | "SceneUnknown"
  | "SceneInvalid"
  | "DeviceUnknown"
  | "DeviceInvalid"
  | "GroupInvalid"
  | "FloorInvalid"
  | "DeviceExists"
  | "DeviceInUse"
  | "NameAmbiguous"
  | "StateInvalid"
  | "HomeEmpty"
  | "VisitNotRecorded"
  | "CursorInvalid"
  | "HomeInvalid"
  | "HomeUnknown"
  | "HomeAmbiguous"
  | "NoHome"
  | "HomeFormatOld"
  | "HomeExists"
  | "LogInvalid"
  | "PlanEmpty"
  | "PlanTooLarge"
  | "PlanTooLong"
  | "RunUnknown"
  | "RunFailed"
  | "RequestIdReused"
  | "CommandInvalid"
  | "RecordInvalid"
  | "FormatUnknown"
  | "ScheduleExpressionInvalid"
  | "ScheduleInvalid"
  | "ScheduleUnknown"
  | "ScheduleExists"
  | "ScheduleChanged"
  | "ScheduleNotPlaced"
  | "TooManySchedules"
  | "ZoneUnknown"
  | "PositionMissing"
  | "NeedsApproval"
  | "SceneNotForSchedules"
  | "SignInFailed"
  | "GatewayFailed"
  | "EnvironmentInvalid";

/** A request that cannot be carried out as it stands. The message names the culprit and the next step. */
export class HomeError extends Error {
  override readonly name = "HomeError";
  readonly code: HomeErrorCode;
  /** Names that the culprit may have been meant as, closest first. */
  readonly closest: readonly string[];

  constructor(
    code: HomeErrorCode,
    message: string,
    options: { readonly closest?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.closest = options.closest ?? [];
  }
}
