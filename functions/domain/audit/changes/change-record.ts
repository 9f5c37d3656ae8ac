import type { Caller } from "#domain/access/caller.ts";
import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { FORMAT } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { changeKey, stackChangeKey } from "#domain/home/keys.ts";

/** What a command of the stack or a tool changes. What a device changed by itself, the rule of infra/aws records. */
export type ChangeKind =
  | "home-added"
  | "home-changed"
  | "home-deleted"
  | "member-joined"
  | "member-left"
  | "operator-added"
  | "operator-left"
  | "device-added"
  | "device-removed"
  | "device-changed"
  | "group-saved"
  | "floor-saved"
  | "scene-saved";

/** A change of a home, of who belongs to it, or of who looks after all of them. */
export interface Change {
  readonly change: ChangeKind;
  /** Absent where it is about all of them. */
  readonly home?: HomeId;
  /** Whom or what it is about, e.g. `hall_lamp`. */
  readonly subject: string;
  /** What else there is to say, e.g. the role. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly by: CommandAuthor | ToolAuthor;
  /** ISO 8601. */
  readonly at: string;
  /** Tells two changes of one moment apart. */
  readonly id: string;
}

/** Who gave a command, as far as it knows. */
export interface CommandAuthor {
  /** e.g. `npm run add-device`. */
  readonly command: string;
  /** The user of the machine on which it was given. */
  readonly user: string;
  /** Of the AWS identity: no secret, and what CloudTrail calls it. */
  readonly accessKeyId: string;
}

/** Who called a tool. */
export interface ToolAuthor extends Pick<Caller, "sub" | "clientId" | "username"> {
  /** e.g. `save_scene`. */
  readonly tool: string;
  readonly role: string;
  /** Why they may look after the home, where they do not live there. */
  readonly reason?: string;
}

/** The record of a change. */
export const changeRecord = ({ home, at, id, ...change }: Change): AuditRecord => {
  const month = at.slice(0, 7);
  return {
    PK: home === undefined ? stackChangeKey(month) : changeKey(home, month),
    SK: `${at}#${id}`,
    v: FORMAT,
    ...(home === undefined ? {} : { home }),
    ...change,
    at,
  };
};
