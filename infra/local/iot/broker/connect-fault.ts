// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
import type { ConnectPacket } from "aedes";

const MAX_CLIENT_ID_BYTES = 128;

/** Why a CONNECT is refused before anybody signs in. */
export interface ConnectFault {
  readonly why: string;
  /** The CONNACK that MQTT 3.1.1 asks for (section 3.1.2.2), which aedes sends; for the rest it has none. */
  readonly isAnswered: boolean;
}

/** What is wrong with a CONNECT, if anything. */
export const connectFault = (packet: ConnectPacket): ConnectFault | undefined => {
  // The package's type knows 3 and 4 only; its parser also reads 5.
  const version: number | undefined = packet.protocolVersion;
  if (version === 3) return { why: "MQTT 3.1; AWS speaks 3.1.1 and 5", isAnswered: false };
  if (version === 5) return { why: "MQTT 5; this broker speaks 3.1.1", isAnswered: true };
  if (Buffer.byteLength(packet.clientId) <= MAX_CLIENT_ID_BYTES) return undefined;
  return { why: `a client id has at most ${MAX_CLIENT_ID_BYTES} bytes`, isAnswered: false };
};
