import type { Json } from "#local/wire/json.ts";

/** One MQTT message, whoever sent it. */
export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** Absent for what a service or an HTTP request published. */
  readonly clientId?: string;
  /** A last will: subscribers and rules see it, the shadow service does not. */
  readonly will?: true;
  /** The payload's JSON, where the publisher has it at hand. */
  readonly json?: Json;
}

/** Called when everything that a message changed is on disk; with an error when it could not be kept. */
export type Settled = (error?: Error) => void;
