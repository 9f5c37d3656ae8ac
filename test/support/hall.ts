/** A hall, word for word the same in each home. */
export const HALL = {
  devices: [
    { id: "front_door", name: "Front door", kind: "lock", room: "Hall" },
    { id: "hall_lamp", name: "Hall lamp", kind: "light", room: "Hall" },
  ],
  scenes: [
    {
      id: "goodnight",
      name: "Goodnight",
      aliases: ["bed time"],
      version: 1,
      stages: [
        {
          name: "close and lock",
          devices: { front_door: { lock: { locked: true } }, hall_lamp: { light: { on: false } } },
          required: ["front_door"],
        },
      ],
    },
  ],
} as const;
