import type { AedesOptions } from "aedes";
import type { ClientRights } from "./client-rights.ts";
import { connectFault } from "./connect-fault.ts";
import type { LiveClients } from "./live-clients.ts";
import { waitForSignIn } from "./packet-limit.ts";
import { socketAddresses } from "./socket-addresses.ts";

/** CONNACK's return code, MQTT 3.1.1 section 3.2.2.3. */
const NOT_AUTHORIZED = 5;

/** Who is let in: whoever has a client id of allowed length, and a certificate only if its policies allow iot:Connect. */
export const signIn = (
  rights: ClientRights,
  live: LiveClients,
  log: (line: string) => void,
): Required<Pick<AedesOptions, "preConnect" | "authenticate">> => ({
  preConnect: (client, packet, callback) => {
    live.begin(client, packet.keepalive ?? 0);
    waitForSignIn(client);
    const fault = connectFault(packet);
    if (fault !== undefined) {
      const { sourceIp } = socketAddresses(client);
      log(`mqtt client ${packet.clientId.slice(0, 128)} at ${sourceIp}: refused, ${fault.why}`);
    }
    if (fault === undefined || fault.isAnswered) callback(null, true);
    else callback(new Error(fault.why), false);
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
