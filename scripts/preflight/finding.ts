/** What a check found: as it should be, not so, or not to be told from here. */
export interface Finding {
  readonly standing: "good" | "bad" | "unknown";
  readonly said: string;
  /** What to do where it is not good: a command, ready to be copied, or a sentence. */
  readonly remedy?: string;
}

export const good = (said: string): Finding => ({ standing: "good", said });
export const bad = (said: string, remedy: string): Finding => ({ standing: "bad", said, remedy });

/** What is true of a call that was refused, whatever it was to find out. */
export const refused = (error: unknown): Finding => {
  if (!(error instanceof Error)) throw error;
  const isAbsent = "code" in error && error.code === "ENOTFOUND";
  return {
    standing: "unknown",
    said: `not told: ${isAbsent ? "no such address, " : ""}${error.name}, ${error.message}`,
    remedy: /AccessDenied|Unauthorized/.test(error.name)
      ? "Let these credentials do that, or have somebody look who may."
      : "Look whether it is so by other means, or go on without knowing.",
  };
};

/** Is it an error of that name? SDKs name them as the service does. */
export const isCalled = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;
