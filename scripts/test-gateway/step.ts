/** What a step found: what came back, or what is wrong and what to do next. */
export interface Finding {
  /** Stable; `Ok` where nothing is wrong. */
  readonly code: string;
  readonly summary: string;
  /** Only where something is wrong. */
  readonly fix?: string;
}

/** A step that was taken. */
export interface Step extends Finding {
  readonly step: "token" | "initialize" | "tools/list" | "get_home" | "run_scene";
  readonly ok: boolean;
  readonly tookMs: number;
}

/** The code of a step in which nothing is wrong. */
export const OK = "Ok";
