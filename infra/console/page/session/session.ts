import { computed, signal } from "@preact/signals";
import type * as z from "zod";
import type { ShownHome } from "../../model/answers.ts";
import { claimsOf } from "../../model/claims.ts";
import { type Configuration, configuration } from "../../model/configuration.ts";
import { oneAtATime } from "../../model/one-at-a-time.ts";
import { type Problem, ProblemError } from "../../model/problem.ts";
import type { Gateway } from "./gateway.ts";
import { goTo, homeInAddress } from "./place.ts";
import {
  leaveForSignIn,
  leaveForSignOut,
  refreshed,
  returnFromSignIn,
  type Tokens,
  wasSignedIn,
} from "./sign-in.ts";
import { problemOf } from "./use-answer.ts";

/** Who is there. */
export type Session =
  | { readonly is: "starting" }
  | { readonly is: "leaving" }
  /** `why` where the page knows more than that nobody has signed in yet. */
  | { readonly is: "out"; readonly why?: string; readonly problem?: Problem }
  | { readonly is: "in"; readonly name: string; readonly gateway: Gateway };

/** The session of this tab. */
export const session = signal<Session>({ is: "starting" });

/** The home that is looked at, once it was asked for: names of devices and scenes, and its time zone. */
export const home = signal<ShownHome | undefined>(undefined);

/** Which stage this is, e.g. `dev`; undefined for the default one. */
export const stage = signal<string | undefined>(undefined);

let config: Configuration | undefined;
let tokens: Tokens | undefined;

/** Begins: reads the configuration, and takes the reader in who comes back from the sign-in page. */
export const begin = async (): Promise<void> => {
  try {
    const response = await fetch("/config.json", { credentials: "omit", cache: "no-store" });
    config = configuration.parse(await response.json());
  } catch (cause) {
    session.value = {
      is: "out",
      problem: { is: "unreadable", told: `config.json: ${String(cause)}` },
    };
    return;
  }
  stage.value = config.stage === "" ? undefined : config.stage;
  const back = await returnFromSignIn(config, new URLSearchParams(location.search));
  if (back.is === "refused") {
    goTo("/", "replace");
    session.value = { is: "out", why: back.why };
    return;
  }
  if (back.is === "none") {
    if (wasSignedIn()) await signIn();
    else session.value = { is: "out" };
    return;
  }
  goTo(back.href, "replace");
  ({ tokens } = back);
  await enter(config);
};

const enter = async (to: Configuration): Promise<void> => {
  const { openGateway } = await import("./gateway.ts");
  try {
    const gateway = await openGateway(to.gateway, tokenFor);
    const name = claimsOf(tokens?.access ?? "").username ?? "";
    session.value = { is: "in", name, gateway };
  } catch (error) {
    session.value = { is: "out", problem: problemOf(error) };
  }
};

const tokenFor = async (last: string | undefined): Promise<string | undefined> => {
  // Refused after another call had got a new token: that one is taken.
  if (last === undefined || tokens?.access !== last) return tokens?.access;
  return freshToken();
};

// Two calls that are refused at once make one refresh: Cognito may take the old refresh token only once.
const freshToken = oneAtATime(async (): Promise<string | undefined> => {
  const given = tokens;
  if (config === undefined || given === undefined) return undefined;
  const fresh = await refreshed(config, given);
  // Who signed out in the meantime stays signed out.
  if (tokens !== given) return undefined;
  tokens = fresh;
  return fresh?.access;
});

/** Leaves for the sign-in page, and comes back to where the reader is. */
export const signIn = async (): Promise<void> => {
  if (config === undefined) return begin();
  session.value = { is: "leaving" };
  await leaveForSignIn(config, location.pathname + location.search);
};

/** Ends the session, here and at Cognito. */
export const signOut = async (): Promise<void> => {
  const [to, given] = [config, tokens];
  tokens = undefined;
  home.value = undefined;
  session.value = { is: "leaving" };
  if (to !== undefined && given !== undefined) await leaveForSignOut(to, given);
};

/** May the reader use this tool, as far as the gateway shows it to them? */
export const offers = (tool: string): boolean => tools.value.has(tool);

const tools = computed<ReadonlySet<string>>(() =>
  session.value.is === "in" ? session.value.gateway.tools : new Set(),
);

/** Calls a tool about the home that is looked at. @throws ProblemError */
export const call = async <T>(
  tool: string,
  args: object,
  form: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> => {
  if (session.value.is !== "in") throw new ProblemError({ is: "signed_out" });
  const which = homeInAddress.value;
  return session.value.gateway.call(
    tool,
    { ...args, ...(which === undefined ? {} : { home: which }) },
    form,
    signal,
  );
};
