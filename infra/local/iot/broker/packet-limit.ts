import type { Client } from "aedes";
import { MAX_PACKET_BYTES } from "../messages/max-packet-bytes.ts";

/** The part of aedes' client that its types leave out. */
interface Inside {
  readonly _parser?: {
    readonly packet?: { readonly length?: number };
    parse?: (chunk: Buffer) => number;
  };
  readonly _disconnected?: boolean;
  readonly connackSent?: boolean;
  pause?: () => void;
}

const insideOf = (client: Client): Inside => client as unknown as Inside;

/**
 * Ends a connection that announces a packet beyond the limit. The parser would otherwise collect up to 256 MB
 * of it before anybody could refuse.
 */
export const limitPacketLength = (client: Client): void => {
  const parser = insideOf(client)._parser;
  const parse = parser?.parse;
  if (parser === undefined || parse === undefined) {
    throw new Error("aedes 1.2.0 was expected: its client has no parser to limit");
  }
  parser.parse = (chunk) => {
    const left = parse.call(parser, chunk);
    if ((parser.packet?.length ?? 0) > MAX_PACKET_BYTES) {
      client.emit("error", new Error(`a packet of more than ${MAX_PACKET_BYTES} bytes`));
    }
    return left;
  };
};

/**
 * Lets what comes after CONNECT wait; aedes goes on by itself once the client is signed in. It would otherwise carry
 * out what arrives right behind in a TLS record of its own, also of a client that is then refused.
 */
export const waitForSignIn = (client: Client): void => {
  const inside = insideOf(client);
  if (inside.pause === undefined) {
    throw new Error("aedes 1.2.0 was expected: its client cannot be paused");
  }
  inside.pause();
};

/** Whether the client said DISCONNECT before it went. */
export const saidDisconnect = (client: Client): boolean => insideOf(client)._disconnected === true;

/** Whether the client was told that it is let in; before that its session is being restored. */
export const isLetIn = (client: Client): boolean => insideOf(client).connackSent === true;
