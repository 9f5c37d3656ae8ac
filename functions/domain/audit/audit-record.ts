/** A record of the audit table as it is decided on; whoever writes it stamps it (stamp.ts). */
export type AuditRecord = Readonly<Record<string, unknown>> & {
  readonly PK: string;
  readonly SK: string;
};
