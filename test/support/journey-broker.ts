import { inject } from "vitest";
import { type Mosquitto, startMosquitto } from "./mosquitto.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whose MQTT broker the houses of this project use. */
    readonly broker: "embedded" | "mosquitto";
  }
}

/** The broker of one house: a mosquitto of its own where the project says so, the embedded one otherwise. */
export const startJourneyBroker = async (): Promise<Mosquitto | undefined> =>
  inject("broker") === "mosquitto" ? startMosquitto() : undefined;
