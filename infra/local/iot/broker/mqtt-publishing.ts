import type { AedesOptions } from "aedes";
import type { Message } from "../messages/message.ts";
import type { BrokerListener } from "./broker.ts";
import type { ClientRights } from "./client-rights.ts";
import type { LiveClients } from "./live-clients.ts";

/** What may be published, last wills too; rules and shadows have it before anybody is told that it was taken. */
export const publishing = (options: {
  readonly listener: BrokerListener;
  readonly rights: ClientRights;
  readonly live: LiveClients;
  readonly log: (line: string) => void;
  /** The broker ends: its connections are cut, and that is no reason for a last will. */
  readonly isClosing: () => boolean;
}): Required<Pick<AedesOptions, "authorizePublish">> => {
  const { listener, rights, live, log, isClosing } = options;
  return {
    authorizePublish: (client, packet, callback) => {
      const payload = Buffer.isBuffer(packet.payload)
        ? packet.payload
        : Buffer.from(packet.payload);
      const refusal = rights.publishRefusal(client, packet, payload);
      // A client publishes while it is open; what comes after is its last will.
      const will = client?.closed === true;
      if (will && (refusal !== undefined || isClosing())) {
        if (!isClosing()) {
          log(`mqtt client ${client.id}: its last will is not published, ${refusal?.why}`);
        }
        callback(new Error("not published"));
        return;
      }
      if (refusal !== undefined) {
        callback(
          client === null
            ? new Error(refusal.why)
            : live.refuse(client, refusal.reason, `publish: ${refusal.why}`),
        );
        return;
      }
      const message: Message = {
        topic: packet.topic,
        payload,
        qos: packet.qos === 0 ? 0 : 1,
        retain: packet.retain,
        ...(client === null ? {} : { clientId: client.id }),
        ...(will ? { will } : {}),
      };
      listener.rules(message);
      listener.shadows(message);
      // PUBACK goes out after this: what was acknowledged is on disk.
      listener.settle((error) => callback(error ?? null));
    },
  };
};
