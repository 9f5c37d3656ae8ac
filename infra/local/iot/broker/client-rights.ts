import type { Client } from "aedes";
import type { DisconnectReason } from "./connection-table.ts";
import type { DeviceAction, DevicePermissions } from "./device-permissions.ts";
import { publishFault } from "./publish-fault.ts";

/** What each connection may do: who signed in with a certificate only what its policies allow. */
export interface ClientRights {
  /** The client signed in with this certificate; whoever connects on the loopback interface need not. */
  identify(client: Client, certificateId: string): void;
  certificateOf(client: Client): string | undefined;
  /** The clients on the network that signed in with a certificate and have not left. */
  signedInWith(certificateId: string): readonly Client[];
  leave(client: Client): void;
  isForbidden(client: Client, action: DeviceAction, resource: string): boolean;
  /** Why its certificate does not let the client in. */
  signInFault(client: Client): string | undefined;
  /** Why a message may not be published; of nobody's own (null) only its form counts. */
  publishRefusal(
    client: Client | null,
    packet: { readonly topic: string; readonly qos: number; readonly retain: boolean },
    payload: Buffer,
  ): { readonly reason: DisconnectReason; readonly why: string } | undefined;
}

export const clientRights = (permissions: DevicePermissions): ClientRights => {
  // Of one that left, its end is still told.
  const certificates = new WeakMap<Client, string>();
  const present = new Set<Client>();

  const isForbidden = (client: Client, action: DeviceAction, resource: string): boolean => {
    const certificateId = certificates.get(client);
    if (certificateId === undefined) return false;
    return !permissions.allows({ certificateId, clientId: client.id }, action, resource);
  };

  return {
    identify: (client, certificateId) => {
      certificates.set(client, certificateId);
      present.add(client);
    },
    certificateOf: (client) => certificates.get(client),
    signedInWith: (certificateId) =>
      [...present].filter((client) => certificates.get(client) === certificateId),
    leave: (client) => {
      present.delete(client);
    },
    isForbidden,
    signInFault: (client) => {
      const certificateId = certificates.get(client);
      if (certificateId === undefined) return undefined;
      const known = `the certificate ${certificateId.slice(0, 12)}…`;
      if (!permissions.isActive(certificateId)) return `${known} is not registered or not active`;
      return isForbidden(client, "iot:Connect", `client/${client.id}`)
        ? `no policy of ${known} allows iot:Connect as this client id`
        : undefined;
    },
    publishRefusal: (client, { topic, qos, retain }, payload) => {
      const fault = publishFault({ topic, payload, qos });
      if (fault !== undefined) {
        return {
          reason: fault.kind === "limit" ? "CLIENT_ERROR" : "FORBIDDEN_ACCESS",
          why: `${topic.slice(0, 300)}: ${fault.message}`,
        };
      }
      if (client === null) return undefined;
      const resource = `topic/${topic}`;
      const wanted: readonly DeviceAction[] = retain
        ? ["iot:Publish", "iot:RetainPublish"]
        : ["iot:Publish"];
      const forbidden = wanted.find((action) => isForbidden(client, action, resource));
      return forbidden === undefined
        ? undefined
        : { reason: "AUTH_ERROR", why: `no policy allows ${forbidden} on ${resource}` };
    },
  };
};
