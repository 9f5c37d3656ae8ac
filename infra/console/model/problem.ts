import "./jitless.ts";
import * as z from "zod";

/** Why something cannot be shown, told apart so that each can be told as what it is. */
export type Problem =
  /** 401: the sign-in is over, or was taken back. */
  | { readonly is: "signed_out" }
  /** 403 of the gateway, or NotAllowed of a tool. */
  | { readonly is: "forbidden"; readonly told?: string }
  /** 404: no gateway at that address. */
  | { readonly is: "no_gateway" }
  /** 429 */
  | { readonly is: "too_many" }
  /** 504: nobody knows whether it was done. */
  | { readonly is: "timed_out" }
  /** Any other status of 500 and above. */
  | { readonly is: "broken"; readonly status: number }
  /** A page where data was expected, such as somebody's proxy puts in between. */
  | { readonly is: "not_data"; readonly status: number }
  | { readonly is: "offline" }
  /** A tool's own refusal. */
  | {
      readonly is: "refused";
      readonly code: string;
      readonly told: string;
      readonly closest: readonly string[];
    }
  /** An answer that is not of the form that this page knows. */
  | { readonly is: "unreadable"; readonly told: string };

/** A problem on its way to whoever shows it. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(`The gateway's answer: ${problem.is}`, { cause });
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** What is wrong with an HTTP answer of the gateway, or of whatever stands in front of it; nothing where it can be read. */
export const problemOfHttp = (status: number, contentType: string | null): Problem | undefined => {
  if (status === 401) return { is: "signed_out" };
  if (status === 403) return { is: "forbidden" };
  if (status === 404) return { is: "no_gateway" };
  if (status === 429) return { is: "too_many" };
  if (status === 504) return { is: "timed_out" };
  if (status >= 500) return { is: "broken", status };
  const isData =
    // A notification was taken: there is nothing to read.
    status === 202 ||
    contentType === null ||
    contentType.startsWith("application/json") ||
    contentType.startsWith("text/event-stream");
  return isData ? undefined : { is: "not_data", status };
};

const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    closest: z.array(z.string()).optional(),
  }),
});

/** A tool's own refusal in what it answered; nothing where it did not refuse. */
export const problemOfAnswer = (answer: unknown): Problem | undefined => {
  const { data } = refusal.safeParse(answer);
  if (data === undefined) return undefined;
  const { code, message, closest = [] } = data.error;
  if (code === "NotAllowed") return { is: "forbidden", told: message };
  return { is: "refused", code, told: message, closest };
};
