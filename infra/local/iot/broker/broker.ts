import type { Message, Settled } from "../messages/message.ts";
import type { Connection } from "./connection-table.ts";

/** The MQTT side of the IoT core, embedded or somebody else's. */
export interface Broker {
  readonly url: string;
  readonly port: number;
  /** Where devices on the network connect with TLS; absent where nothing listens there. */
  readonly tlsPort?: number;
  /** Ends the connections that a certificate signed in. */
  disconnect(certificateId: string): void;
  /** False means that nobody would hear a message on the topic. */
  hears(topic: string): boolean;
  /** Gives what a service says to the subscribers. */
  deliver(message: Message): void;
  /** Takes a message in as if a client had published it. */
  submit(message: Message): Promise<void>;
  /** Absent where the broker does not tell. */
  readonly connection?: (clientId: string) => Connection | undefined;
  close(): Promise<void>;
}

/** What a broker does with the messages it sees. */
export interface BrokerListener {
  /** A message that clients or HTTP requests published: once for all rules, or once for those of one filter. */
  rules(message: Message, from?: string): void;
  /** The same, where it may be a request to the shadow service. */
  shadows(message: Message): void;
  /** A message of the broker itself: presence. */
  announce(message: Message): void;
  settle(settled: Settled): void;
}
