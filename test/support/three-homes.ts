import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { inject } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { CarriedOutCall } from "#local/endpoint/aws-endpoint.ts";
import { DEFAULT_HOME } from "../../scripts/command/default-home.ts";
import { localRegistry, type Registry } from "../../scripts/devices/registry.ts";
import {
  deleteMembership,
  type NewMembership,
  putMembership,
  putOperatorOfAll,
} from "../../scripts/homes/members.ts";
import { seedHome } from "../../scripts/homes/seed-home.ts";
import { type HouseProcess, startHouseProcess } from "../../scripts/start/house-process.ts";
import { type RunningHome, startHome } from "../../scripts/start/start-home.ts";
import { HALL } from "./hall.ts";
import { personOf } from "./person.ts";
import { startProjectBroker } from "./project-broker.ts";

const SINCE = "2026-11-01T00:00:00.000Z";
const PASSWORD = "Correct-horse-1";

/** One house of three homes, a, a_b and b, whose devices are up; whatever people and memberships a test adds. */
export interface ThreeHomes {
  readonly house: RunningHome;
  readonly registry: Registry;
  /** The devices of each home. */
  readonly devices: Readonly<Record<string, HouseProcess>>;
  /** What the AWS endpoint carried out so far. */
  readonly calls: CarriedOutCall[];
  /** Makes somebody of the user pool; gives the `sub`. */
  addPerson(username: string, groups: readonly string[]): Promise<string>;
  /** An access token by the sign-in page; `more` goes to the token endpoint too. */
  signIn(username: string, scope: string, more?: Readonly<Record<string, string>>): Promise<string>;
  addMember(sub: string, home: string, more: Partial<NewMembership>): Promise<void>;
  removeMember(sub: string, home: string): Promise<void>;
  addOperatorOfAll(sub: string): Promise<void>;
  /** Makes one more home, without devices that are up. */
  addHome(home: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts it. `groups` are made in the user pool beside the template's. */
export const startThreeHomes = async (
  options: { readonly groups?: readonly string[] } = {},
): Promise<ThreeHomes> => {
  const data = mkdtempSync(join(tmpdir(), "three-homes-"));
  const homeFile = join(data, "hall.json");
  writeFileSync(homeFile, JSON.stringify(HALL));
  const calls: CarriedOutCall[] = [];
  const mosquitto = await startProjectBroker();
  const house = await startHome({
    assembly: async () => assemblyWith(data, options.groups ?? []),
    data,
    ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
    homeFile,
    ...(mosquitto === undefined ? {} : { mqttBroker: mosquitto.url }),
    onCall: (call) => calls.push(call),
    log: () => {},
  });
  const registry = await localRegistry(data);
  const { cognito, userPoolId: UserPoolId } = registry;
  // The machine is the first home's after a first start; here it is whose a test says.
  await deleteMembership(registry, registry.machineClientId, DEFAULT_HOME);
  const addHome = async (id: string): Promise<void> => {
    const place = { home: parseHomeId(id), thingPrefix: "" } as const;
    await seedHome(
      registry,
      {
        home: place.home,
        name: id,
        timeZone: "Europe/Berlin",
        state: "active",
        createdAt: SINCE,
      },
      parseHome(HALL, place),
      async () => [],
    );
  };
  const devicesOf = async (id: string): Promise<HouseProcess> => {
    await addHome(id);
    return startHouseProcess({
      mqttUrl: house.stack.mqttUrl,
      homeFile,
      home: parseHomeId(id),
      stateFile: join(data, `${id}.json`),
    });
  };
  const devices = { a: await devicesOf("a"), a_b: await devicesOf("a_b"), b: await devicesOf("b") };
  return {
    house,
    registry,
    devices,
    calls,
    addHome,
    addPerson: async (Username, groups) => {
      const { User } = await cognito.send(
        new AdminCreateUserCommand({
          ...{ UserPoolId, Username, TemporaryPassword: PASSWORD },
          MessageAction: "SUPPRESS",
        }),
      );
      await cognito.send(
        new AdminSetUserPasswordCommand({
          ...{ UserPoolId, Username, Password: PASSWORD },
          Permanent: true,
        }),
      );
      for (const GroupName of groups) {
        await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
      }
      return User?.Attributes?.find(({ Name }) => Name === "sub")?.Value ?? "";
    },
    signIn: async (username, scope, more) =>
      (await personOf(house.endpoints, username, PASSWORD).tokens(scope, more)).access_token,
    addMember: (sub, home, more) =>
      putMembership(registry, {
        sub,
        home: parseHomeId(home),
        role: "resident",
        name: home,
        who: sub,
        by: "the test",
        since: SINCE,
        ...more,
      }),
    removeMember: async (sub, home) => {
      await deleteMembership(registry, sub, parseHomeId(home));
    },
    addOperatorOfAll: (sub) =>
      putOperatorOfAll(registry, { sub, who: sub, by: "the test", since: SINCE }),
    close: async () => {
      for (const each of Object.values(devices)) await each.close();
      registry.close();
      await house.close();
      await mosquitto?.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
};

interface Template {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }
  >;
}

/** The journeys' assembly, with more groups in the user pool. */
const assemblyWith = (data: string, groups: readonly string[]): string => {
  if (groups.length === 0) return inject("assembly");
  const assembly = join(data, "assembly");
  cpSync(inject("assembly"), assembly, { recursive: true });
  const file = join(assembly, "SmarthomeScenes.template.json");
  const template = JSON.parse(readFileSync(file, "utf8")) as Template;
  const [one] = Object.values(template.Resources).filter(
    ({ Type }) => Type === "AWS::Cognito::UserPoolGroup",
  );
  if (one === undefined) throw new Error("the template has no group");
  for (const [index, GroupName] of groups.entries()) {
    template.Resources[`More${index}`] = { ...one, Properties: { ...one.Properties, GroupName } };
  }
  writeFileSync(file, JSON.stringify(template));
  return assembly;
};
