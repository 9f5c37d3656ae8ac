import { readVisits } from "#adapters/audit-table.ts";
import { readHomeMeta } from "#adapters/home-schedules.ts";
import { readHome } from "#adapters/home-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { counted } from "#domain/counted.ts";
import { devicesOfGroup } from "#domain/home/group.ts";
import { inHome } from "#domain/run/run-result.ts";
import { sceneInFull } from "#domain/scene/definition/scene-in-full.ts";
import type { Detail } from "#domain/tools/detail.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";

/**
 * Rooms with their devices, and the scenes, by the names that the other tools take; in full also what the home is called
 * and its time zone, and who looked at it and does not live there, for those who do and are more than guests.
 */
export const getHome = async (
  { homeTableName, auditTableName }: Pick<Deployment, "homeTableName" | "auditTableName">,
  access: HomeAccess,
  detail: Detail,
) => {
  const home = await readHome(homeTableName, access);
  const about = homeNameIn(access);
  const isFull = detail === "full";
  const showsVisits = isFull && !access.about.isVisit && access.about.role !== "guest";
  const rooms = [...new Set(home.devices.map((device) => device.room))].sort();
  const meta = isFull ? await readHomeMeta(homeTableName, access) : undefined;
  return {
    ...(about.homeName === undefined ? {} : { home: home.place.home }),
    ...(meta === undefined ? {} : { name: meta.name, zone: meta.timeZone }),
    say: inHome(
      about,
      `The home has ${counted(home.devices.length, "device")} in ${counted(rooms.length, "room")} and ${counted(home.scenes.length, "scene")}.`,
    ),
    rooms: rooms.map((room) => ({
      room,
      devices: home.devices
        .filter((device) => device.room === room)
        .map((device) => ({
          device: device.id,
          name: device.name,
          kind: device.kind,
          ...(device.senses === undefined ? {} : { senses: device.senses }),
          ...(device.labels === undefined ? {} : { labels: device.labels }),
          ...(isFull ? { aliases: device.aliases } : {}),
        })),
    })),
    ...(home.floors.length === 0
      ? {}
      : { floors: home.floors.map(({ id, name, rooms: on }) => ({ floor: id, name, rooms: on })) }),
    ...(home.groups.length === 0
      ? {}
      : {
          groups: home.groups.map((group) => ({
            group: group.id,
            name: group.name,
            devices: devicesOfGroup(group, home.groups),
          })),
        }),
    scenes: home.scenes.map((scene) => ({
      scene: scene.id,
      name: scene.name,
      aliases: scene.aliases,
      ...(isFull ? sceneInFull(scene) : {}),
    })),
    ...(showsVisits ? { visits: await readVisits(auditTableName, access, new Date()) } : {}),
  };
};
