import type { JsonObject } from "#local/wire/json.ts";
import type { Message } from "../messages/message.ts";
import type { ShadowPublication } from "../shadows/shadow-service.ts";

/**
 * What the shadow service says; its bytes are put together when somebody wants them. A class, because a getter in an
 * object literal gives every object a shape of its own, and V8 keeps each shape, with all that its getter refers to,
 * until the next full garbage collection.
 */
export class ServiceMessage implements Message {
  readonly topic: string;
  readonly json: JsonObject;
  readonly qos = 1;
  readonly retain = false;
  readonly #text: (() => string) | undefined;
  #payload: Buffer | undefined;

  constructor({ topic, body, text }: ShadowPublication) {
    this.topic = topic;
    this.json = body;
    this.#text = text;
  }

  get payload(): Buffer {
    this.#payload ??= Buffer.from(this.#text?.() ?? JSON.stringify(this.json));
    return this.#payload;
  }
}
