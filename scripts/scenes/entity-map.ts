import type { Device } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { closestNames } from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import {
  findDevices,
  KIND_OF_DOMAIN,
  partsOfEntity,
} from "#domain/scene/definition/find-devices.ts";
import { Problem } from "../command/problem.ts";
import { readYamlSource } from "./read-yaml-source.ts";

/** What an entity is here: a device or a group by its name, nothing, or not decided yet. */
export type Mapped =
  | { readonly to: string }
  | { readonly to: null }
  | { readonly undecided: string };

export type EntityMap = ReadonlyMap<string, Mapped>;

const HEAD = `# What each entity of Home Assistant is in this home: the id of a device, group:ID, or null for what is to be left out.
# A line with a ? is a proposal, or there was none: nothing is imported for it until somebody takes the ? away.
`;

/** A map file with a proposal for each entity: exact names as they are, others with a `?`. */
export const proposeMap = (entities: readonly string[], home: Home): string =>
  HEAD +
  entities
    .map((entity) => `${JSON.stringify(entity)}: ${JSON.stringify(proposal(entity, home))}\n`)
    .join("");

const proposal = (entity: string, home: Home): string | null => {
  const parts = partsOfEntity(entity);
  if (parts === undefined) return "?";
  const { domain, object } = parts;
  if (domain === "group") {
    const group = home.groups.find(({ id }) => id === object);
    return group === undefined ? "?" : `group:${group.id}`;
  }
  const kind = Object.hasOwn(KIND_OF_DOMAIN, domain) ? KIND_OF_DOMAIN[domain] : undefined;
  if (kind === undefined) return null;
  const found = exact(entity, home);
  if (found?.kind === kind) return found.id;
  const alike = home.devices
    .filter((device) => device.kind === kind)
    .map((device) => ({
      ...device,
      aliases: [
        ...device.aliases,
        `${device.room} ${device.name}`,
        `${device.name} ${device.room}`,
      ],
    }));
  const [closest] = closestNames(object, alike);
  return `?${found?.id ?? closest ?? ""}`;
};

const exact = (entity: string, home: Home): Device | undefined => {
  try {
    const [only, ...more] = findDevices(entity, home);
    return more.length === 0 ? only : undefined;
  } catch (error) {
    // Nobody is called like that, or several are.
    if (error instanceof HomeError) return undefined;
    throw error;
  }
};

/** Reads a map file. @throws Problem or HomeError naming the line */
export const parseMap = (text: string, file: string): EntityMap => {
  const { value } = readYamlSource(text);
  if (!isObject(value)) throw new Problem(`${file} must say what each entity is, a line each.`);
  return new Map(
    Object.entries(value).map(([entity, to]): [string, Mapped] => {
      if (to === null) return [entity, { to }];
      if (typeof to !== "string" || to === "") {
        throw new Problem(
          `${file}: ${entity} must be a device's id, group:ID or null; not ${shown(to)}.`,
        );
      }
      return [entity, to.startsWith("?") ? { undecided: to.slice(1) } : { to }];
    }),
  );
};
