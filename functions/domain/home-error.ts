/** Stable codes of everything that can be wrong with a request to the home. Tests and clients match these, never the wording. */
export type HomeErrorCode =
  | "ToolUnknown"
  | "ArgumentsInvalid"
  | "CallerUnknown"
  | "NotAllowed"
  | "SceneUnknown"
  | "SceneInvalid"
  | "SceneTextInvalid"
  | "SceneChanged"
  | "ParameterInvalid"
  | "ConditionInvalid"
  | "DeviceUnknown"
  | "DeviceInvalid"
  | "GroupInvalid"
  | "FloorInvalid"
  | "DeviceExists"
  | "DeviceInUse"
  | "NameAmbiguous"
  | "StateInvalid"
  | "StateUnknown"
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
  | "PlanUnknown"
  | "PlanExpired"
  | "PlanChanged"
  | "ApprovalUnknown"
  | "ApprovalUsed"
  | "ApprovalExpired"
  | "ApprovalTooSoon"
  | "ApprovalNotAllowed"
  | "RunUnknown"
  | "RunFailed"
  | "RunGoesOn"
  | "RunConflict"
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

/** Where in a definition the culprit stands: by its members, and where there is a text, in that, counted from 1. */
export interface PlaceInText {
  /** e.g. `entities.light.hall.brightness`; empty for the whole. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

/** A request that cannot be carried out as it stands. The message names the culprit and the next step. */
export class HomeError extends Error {
  override readonly name = "HomeError";
  readonly code: HomeErrorCode;
  /** Names that the culprit may have been meant as, closest first. */
  readonly closest: readonly string[];
  readonly at?: PlaceInText;

  constructor(
    code: HomeErrorCode,
    message: string,
    options: {
      readonly closest?: readonly string[];
      readonly at?: PlaceInText;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.closest = options.closest ?? [];
    if (options.at !== undefined) this.at = options.at;
  }
}
