/** Codes of what can keep the local stack from starting or going on. */
export type LocalErrorCode =
  | "PortInUse"
  | "AlreadyRunning"
  | "DataDamaged"
  | "DataNewer"
  | "DataNotAccessible"
  | "DataFolderShared"
  | "DiskFull"
  | "TemplateNotUnderstood"
  | "StartFailed";

/** Something the person at the keyboard must know, in one line that says what and what to do. */
export class LocalError extends Error {
  override readonly name = "LocalError";
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
