import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { stampOf } from "#domain/audit/stamp.ts";
import { FORMAT } from "#domain/format.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { accessKey } from "#domain/home/keys.ts";
import { changeItem } from "../devices/change-item.ts";
import type { Registry } from "../devices/registry.ts";
import { joinHome } from "./members.ts";
import type { Subject } from "./subject.ts";

/** Who may act in which home, until when and why. */
export interface Grant {
  readonly subject: Subject;
  readonly meta: HomeMeta;
  readonly reason: string;
  readonly expiresAtEpochSeconds: number;
}

/** Lets somebody who looks after every home act in one for a while. Recorded first: without the record there is no grant. */
export const grantVisit = async (registry: Registry, grant: Grant, now: Date): Promise<void> => {
  const { subject, meta, reason, expiresAtEpochSeconds } = grant;
  const at = now.toISOString();
  const PK = accessKey(meta.home, at.slice(0, 7));
  await registry.dynamoDb.send(
    new PutItemCommand({
      TableName: registry.auditTable,
      Item: marshall({
        PK,
        SK: `${at}#${randomUUID()}`,
        v: FORMAT,
        home: meta.home,
        sub: subject.sub,
        username: subject.who,
        role: "operator",
        reason,
        tool: "grant",
        subject: `until ${new Date(expiresAtEpochSeconds * 1000).toISOString()}`,
        by: "npm run grant",
        at,
        ...stampOf(PK, now.getTime(), registry.recordRetentionDays),
      }),
      ConditionExpression: "attribute_not_exists(PK)",
    }),
  );
  const change = await changeItem(registry, {
    change: "member-joined",
    home: meta.home,
    subject: subject.who,
    details: { sub: subject.sub, role: "operator", until: expiresAtEpochSeconds, reason },
    command: "grant",
  });
  await joinHome(
    registry,
    {
      sub: subject.sub,
      home: meta.home,
      role: "operator",
      name: meta.name,
      who: subject.who,
      by: "npm run grant",
      since: at,
      expiresAtEpochSeconds,
      reason,
    },
    [change],
  );
};
