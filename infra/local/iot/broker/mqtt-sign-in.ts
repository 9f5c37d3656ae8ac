import type { AedesOptions } from "aedes";
import type { ClientRights } from "./client-rights.ts";
import type { LiveClients } from "./live-clients.ts";
import { waitForSignIn } from "./packet-limit.ts";

const MAX_CLIENT_ID_BYTES = 128;
/** CONNACK's return code, MQTT 3.1.1 section 3.2.2.3. */
const NOT_AUTHORIZED = 5;

/** Who is let in: whoever has a client id of allowed length, and a certificate only if its policies allow iot:Connect. */
export const signIn = (
  rights: ClientRights,
  live: LiveClients,
): Required<Pick<AedesOptions, "preConnect" | "authenticate">> => ({
  preConnect: (client, packet, callback) => {
    live.begin(client, packet.keepalive ?? 0);
    waitForSignIn(client);
    if (Buffer.byteLength(packet.clientId) <= MAX_CLIENT_ID_BYTES) callback(null, true);
    else callback(new Error(`a client id has at most ${MAX_CLIENT_ID_BYTES} bytes`), false);
  },
  authenticate: (client, _username, _password, callback) => {
    const fault = rights.signInFault(client);
    if (fault !== undefined) {
      const refusal = live.refuse(client, "AUTH_ERROR", fault);
      callback(Object.assign(refusal, { returnCode: NOT_AUTHORIZED }), false);
      return;
    }
    const before = live.named(client.id);
    if (before !== undefined) live.noteEnd(before, "DUPLICATE_CLIENTID");
    callback(null, true);
  },
});
