import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { FORMAT } from "#domain/format.ts";
import { accessKey } from "#domain/home/keys.ts";

/** A look at a home by somebody who does not live there. */
export interface Visit {
  readonly tool: string;
  /** What was looked at, where a call names it. */
  readonly subject?: string;
  /** ISO 8601. */
  readonly at: string;
  /** Tells two looks of one moment apart. */
  readonly id: string;
}

/** The record of a look, written before it is answered; the people of the home can read it. */
export const visitRecord = (
  access: HomeAccess,
  caller: Caller,
  { tool, subject, at, id }: Visit,
): Readonly<Record<string, unknown>> => {
  const home = homeOf(access);
  const { role, reason } = access.about;
  return {
    PK: accessKey(home, at.slice(0, 7)),
    SK: `${at}#${id}`,
    v: FORMAT,
    home,
    sub: caller.sub,
    ...(caller.username === undefined ? {} : { username: caller.username }),
    clientId: caller.clientId,
    role,
    ...(reason === undefined ? {} : { reason }),
    tool,
    ...(subject === undefined ? {} : { subject }),
    at,
  };
};
