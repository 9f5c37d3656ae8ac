import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { changeRecord } from "./change-record.ts";

/** A scene that somebody saved. */
export interface SceneChange {
  readonly scene: string;
  readonly version: number;
  /** What is other than in the version before, in words. */
  readonly changed: readonly string[];
  /** ISO 8601. */
  readonly at: string;
  /** Tells two changes of one moment apart. */
  readonly id: string;
}

/** The record of a scene's change: what, by whom, through which client. */
export const sceneChangeRecord = (
  access: HomeAccess,
  caller: Caller,
  { scene, version, changed, at, id }: SceneChange,
): AuditRecord => {
  const { role, reason } = access.about;
  return changeRecord({
    home: homeOf(access),
    change: "scene-saved",
    subject: scene,
    details: { version, changed },
    by: {
      tool: "save_scene",
      sub: caller.sub,
      clientId: caller.clientId,
      ...(caller.username === undefined ? {} : { username: caller.username }),
      role,
      ...(reason === undefined ? {} : { reason }),
    },
    at,
    id,
  });
};
