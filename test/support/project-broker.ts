import { inject } from "vitest";
import { type Mosquitto, startMosquitto } from "./mosquitto.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whose MQTT broker this project tests with; absent means the embedded one. */
    readonly broker: "embedded" | "mosquitto" | undefined;
  }
}

/** A mosquitto for one house or one IoT core where the project says so; nothing where the embedded broker is meant. */
export const startProjectBroker = async (): Promise<Mosquitto | undefined> =>
  inject("broker") === "mosquitto" ? startMosquitto() : undefined;
