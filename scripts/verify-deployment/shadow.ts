import { setTimeout as pause } from "node:timers/promises";
import { GetThingShadowCommand, ResourceNotFoundException } from "@aws-sdk/client-iot-data-plane";
import { isObject, parseJsonObject } from "#domain/json.ts";
import type { Visit } from "./visit.ts";

/** A shadow's two halves; empty where there is none. */
export interface Shadow {
  readonly desired: Readonly<Record<string, unknown>>;
  readonly reported: Readonly<Record<string, unknown>>;
}

const LOOK_EVERY_MS = 300;
const PATIENCE_MS = 15_000;

/** The lamp's shadow as it is now. */
export const readShadow = async ({
  registry,
  thing,
}: Pick<Visit, "registry" | "thing">): Promise<Shadow> => {
  try {
    const { payload } = await registry.iotData.send(
      new GetThingShadowCommand({ thingName: thing }),
    );
    const state = parseJsonObject(new TextDecoder().decode(payload))?.state;
    const half = (name: string) =>
      isObject(state) && isObject(state[name]) ? (state[name] ?? {}) : {};
    const [desired, reported] = [half("desired"), half("reported")];
    return {
      desired: isObject(desired) ? desired : {},
      reported: isObject(reported) ? reported : {},
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { desired: {}, reported: {} };
    throw error;
  }
};

/** The same as soon as it is as it should be, or as it is when that takes too long. */
export const shadowUntil = async (
  visit: Visit,
  isAsItShouldBe: (shadow: Shadow) => boolean,
): Promise<Shadow> => {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const shadow = await readShadow(visit);
    if (isAsItShouldBe(shadow) || performance.now() > endsAt) return shadow;
    await pause(LOOK_EVERY_MS);
  }
};
