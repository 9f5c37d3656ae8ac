import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  ResourceNotFoundException,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { traced } from "./observed.ts";
import { SDK_CLIENT } from "./sdk/sdk-client.ts";

const client = traced(new IoTDataPlaneClient(SDK_CLIENT));

type Values = Readonly<Record<string, unknown>>;

/** A lamp that is nothing but its shadow: it does what it is asked by writing that it did. */
export interface SimulatedLamp {
  /** It is on, and waits. */
  switchOn(): Promise<void>;
  /** Does what is asked of it, if something is, and says so as a device does. */
  obey(): Promise<void>;
}

/** The lamp of a thing, which need not be in the registry. */
export const simulatedLamp = (thingName: string): SimulatedLamp => {
  const report = async (reported: Values): Promise<void> => {
    const payload = new TextEncoder().encode(JSON.stringify({ state: { reported } }));
    await client.send(new UpdateThingShadowCommand({ thingName, payload }));
  };
  const read = async (): Promise<Values> => {
    try {
      const { payload } = await client.send(new GetThingShadowCommand({ thingName }));
      const state = parseJsonObject(new TextDecoder().decode(payload))?.state;
      return isObject(state) ? state : {};
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return {};
      throw error;
    }
  };
  return {
    switchOn: () => report({ light: { on: true }, online: true }),
    obey: async () => {
      const { desired, reported } = await read();
      const { command, light } = isObject(desired) ? desired : {};
      const last = isObject(reported) && isObject(reported.command) ? reported.command.id : "";
      if (!isObject(command) || !isObject(light) || command.id === last) return;
      await report({
        light,
        online: true,
        command: { ...command, status: "SUCCEEDED", reason: null },
      });
    },
  };
};
