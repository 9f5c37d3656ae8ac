import type { Statement } from "#local/policy/policy.ts";
import type { RestOperation } from "#local/wire/rest-service.ts";
import type { CertificateAuthority } from "../authority/certificate-authority.ts";
import type { CertificateTable } from "./certificate-table.ts";
import type { ThingTable } from "./thing-table.ts";

/** What the operations of the control plane work on. */
export interface ControlPlane {
  readonly arn: (resource: string) => string;
  readonly things: ThingTable;
  readonly certificates: CertificateTable;
  /** The template's policies by name. */
  readonly policies: ReadonlyMap<string, readonly Statement[]>;
  /** Opened, or made, when it is first asked for. */
  readonly authority: () => Promise<CertificateAuthority>;
  /** Ends the connections that a certificate signed in. */
  readonly disconnect: (certificateId: string) => void;
  readonly nowMs: () => number;
  /** Where devices connect: the port with TLS where it is open. */
  readonly mqttPort: () => number;
  /** Resolves when what was written is on disk. */
  readonly settled: () => Promise<void>;
}

/** An operation of the control plane. */
export type ControlPlaneOperation = RestOperation<ControlPlane>;
