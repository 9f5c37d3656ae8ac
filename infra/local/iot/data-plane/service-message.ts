import type { JsonObject } from "#local/wire/json.ts";
import type { Message } from "../messages/message.ts";
import type { ShadowPublication } from "../shadows/shadow-service.ts";

/**
 * What the shadow service says; it is put together when somebody wants it. A class, because a getter in an
 * object literal gives every object a shape of its own, and V8 keeps each shape, with all that its getter refers to,
 * until the next full garbage collection.
 */
export class ServiceMessage implements Message {
  readonly topic: string;
  readonly qos = 1;
  readonly retain = false;
  readonly #body: () => JsonObject;
  readonly #text: (() => string) | undefined;
  #json: JsonObject | undefined;
  #payload: Buffer | undefined;

  constructor({ topic, body, text }: ShadowPublication) {
    this.topic = topic;
    this.#body = body;
    this.#text = text;
  }

  get json(): JsonObject {
    this.#json ??= this.#body();
    return this.#json;
  }

  get payload(): Buffer {
    this.#payload ??= Buffer.from(this.#text?.() ?? JSON.stringify(this.json));
    return this.#payload;
  }
}
