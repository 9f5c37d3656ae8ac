import { type Home, parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";

/** A home with one of each kind, two windows' contacts, groups in one another, floors and labels. */
export const A_HOME: Home = parseHome(
  {
    devices: [
      { id: "shelf_left", name: "Shelf left", kind: "light", room: "Living room" },
      {
        id: "ceiling",
        name: "Ceiling",
        kind: "light",
        room: "Living room",
        effects: ["rainbow", "candle"],
        labels: ["evening"],
      },
      { id: "hall_lamp", name: "Hall lamp", kind: "light", room: "Hall" },
      { id: "kettle", name: "Kettle", kind: "plug", room: "Kitchen", labels: ["evening"] },
      { id: "front_door", name: "Front door", kind: "lock", room: "Hall" },
      { id: "blind", name: "Blind", kind: "cover", deviceClass: "blind", room: "Living room" },
      { id: "heating", name: "Heating", kind: "climate", room: "Living room" },
      { id: "radio", name: "Radio", kind: "media", room: "Kitchen", sources: ["Radio 1"] },
      { id: "alarm", name: "Alarm", kind: "alarm", room: "Hall" },
      { id: "bath_fan", name: "Bath fan", kind: "fan", room: "Bath" },
      { id: "vacuum", name: "Vacuum", kind: "vacuum", room: "Hall" },
      { id: "mist", name: "Mist", kind: "humidifier", room: "Bath" },
      { id: "window", name: "Window", kind: "sensor", senses: ["contact"], room: "Kitchen" },
      { id: "outside", name: "Outside", kind: "sensor", senses: ["temperature"], room: "Garden" },
    ],
    scenes: [],
    groups: [
      { id: "all_lights", name: "All lights", members: ["living", "hall_lamp"] },
      { id: "living", name: "Living", members: ["shelf_left", "ceiling"] },
    ],
    floors: [{ id: "ground", name: "Ground floor", rooms: ["Hall", "Kitchen", "Living room"] }],
  },
  { home: parseHomeId("home"), thingPrefix: "" },
);
