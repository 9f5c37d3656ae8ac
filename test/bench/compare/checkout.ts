import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Device } from "#domain/home/device.ts";
import type { Endpoints } from "../../../scripts/command/endpoints.ts";

/** A checkout of this repository, of whatever version, and where it keeps what a house is started with. */
export interface Checkout {
  readonly name: string;
  readonly root: string;
  buildTemplate(assembly: string): Promise<string>;
  startHome(options: HouseOptions): Promise<StartedHome>;
  lights(count: number): Promise<readonly Device[]>;
  startDevices(options: DevicesOptions): Promise<{ close(): Promise<void> }>;
}

/** What every version's `startHome` is given; an older one passes over what it does not know. */
export interface HouseOptions {
  readonly assembly: () => Promise<string>;
  readonly data: string;
  readonly ports: Readonly<Record<"gateway" | "cognito" | "aws" | "console" | "mqtt", number>>;
  readonly homeFile: string;
  log(line: string): void;
}

export interface StartedHome {
  readonly endpoints: Endpoints;
  readonly house: { close(): Promise<void> };
  close(): Promise<void>;
}

export interface DevicesOptions {
  readonly mqttUrl: string;
  readonly devices: readonly Device[];
  latencyMs(device: Device): number;
}

interface Modules {
  readonly buildTemplate: Checkout["buildTemplate"];
  readonly startHome: Checkout["startHome"];
  readonly startHouse: Checkout["startDevices"];
  readonly generatedLights: (...args: readonly unknown[]) => readonly Device[];
}

// The file of each function, the newest place first.
const PLACES: Readonly<Record<keyof Modules, readonly string[]>> = {
  buildTemplate: ["scripts/start/build-template.ts", "scripts/support/build-template.ts"],
  startHome: ["scripts/start/start-home.ts", "scripts/support/start-home.ts"],
  startHouse: ["infra/house/simulated/house.ts", "infra/house/house.ts"],
  generatedLights: ["infra/house/simulated/generated-lights.ts", "infra/house/generated-lights.ts"],
};

/** Opens the checkout in a folder. Its files are loaded when they are first needed. @throws Error for a folder that is none */
export const openCheckout = (folder: string): Checkout => {
  const root = resolve(folder);
  const fileOf = (name: keyof Modules): string => {
    const file = PLACES[name].map((place) => join(root, place)).find((path) => existsSync(path));
    if (file === undefined) throw new Error(`${root} is no checkout of this repository: ${name}`);
    return file;
  };
  const load = async <Name extends keyof Modules>(name: Name): Promise<Modules[Name]> =>
    parseModule(await import(fileOf(name)), name);
  fileOf("startHome");
  // Before there were homes, the first parameter was the number of lights.
  const hasHomes = existsSync(join(root, "functions/domain/home/home-id.ts"));
  return {
    name: basename(root),
    root,
    buildTemplate: async (assembly) => (await load("buildTemplate"))(assembly),
    startHome: async (options) => (await load("startHome"))(options),
    startDevices: async (options) => (await load("startHouse"))(options),
    lights: async (count) => {
      const generatedLights = await load("generatedLights");
      return hasHomes
        ? generatedLights({ home: "home", thingPrefix: "" }, count)
        : generatedLights(count);
    },
  };
};

const parseModule = <Name extends keyof Modules>(module: unknown, name: Name): Modules[Name] => {
  const exported = (module as Partial<Modules>)[name];
  if (exported === undefined) throw new Error(`The module does not export ${name}`);
  return exported;
};
