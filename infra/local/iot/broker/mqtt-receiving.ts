import type { AedesOptions } from "aedes";
import type { ClientRights } from "./client-rights.ts";
import type { LiveClients } from "./live-clients.ts";

// A reader that is this far behind is not reading; AWS's own bound is not documented.
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Who may hear a message: whom no policy forbids it, and who reads what was sent before. */
export const receiving = (
  rights: ClientRights,
  live: LiveClients,
): Required<Pick<AedesOptions, "authorizeForward">> => ({
  authorizeForward: (client, packet) => {
    if (rights.isForbidden(client, "iot:Receive", `topic/${packet.topic}`)) return null;
    if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet;
    if (!client.conn.destroyed) {
      const why = `it left ${MAX_UNREAD_BYTES} bytes unread`;
      client.conn.destroy(live.refuse(client, "CLIENT_ERROR", why));
    }
    return null;
  },
});
