// A Z-Wave network without a radio, in a process of its own: the real zwave-js driver and the real zwave-js-server, on
// the driver's own mock of a controller and its nodes. `node zwave-network.mjs FOLDER PORT`, FOLDER holding the
// packages; it talks over IPC. https://zwave-js.github.io/zwave-js/#/development/testing

import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [folder, port] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const testing = require("zwave-js/Testing");
const { MockController, MockNode, ccCaps, createMockZWaveRequestFrame } =
  require("@zwave-js/testing");
const cc = require("@zwave-js/cc");
const { CommandClasses: CC, Duration } = require("@zwave-js/core");
const { ZwavejsServer } = require("@zwave-js/server");

const SUPERVISED = { ccId: CC.Supervision, version: 1 };
const BATTERY = { ccId: CC.Battery, version: 1 };
const AWAKE = { isListening: true, isFrequentListening: false };
const BEAMED = { isListening: false, isFrequentListening: "1000ms" };
const ASLEEP = { isListening: false, isFrequentListening: false };
const LOCK_EVENTS = { notificationTypesAndEvents: { 6: [1, 2, 11] } };
const SETPOINT = { 1: { minValue: 5, maxValue: 30, defaultValue: 20, scale: "°C" } };

const level = (more) => ({
  ccId: CC["Multilevel Switch"],
  version: 4,
  primarySwitchType: 2,
  ...more,
});
const notifies = (notificationTypesAndEvents) => ({
  ccId: CC.Notification,
  version: 8,
  notificationTypesAndEvents,
});
const thermostat = [
  { ccId: CC["Thermostat Mode"], version: 3, supportedModes: [0, 1] },
  { ccId: CC["Thermostat Setpoint"], version: 3, setpoints: SETPOINT },
];
const lock = { ccId: CC["Door Lock"], version: 4, travelTime: 700 };
const DEVICES = [
  {
    id: 2,
    name: "Coffee plug",
    room: "Kitchen",
    has: [{ ccId: CC["Binary Switch"], version: 2, defaultValue: true }, SUPERVISED],
  },
  { id: 3, name: "Sofa lamp", room: "Living room", has: [level({ defaultValue: 70 }), SUPERVISED] },
  {
    id: 4,
    name: "Front door",
    room: "Hall",
    is: BEAMED,
    has: [lock, { ccId: CC.Notification, version: 8, ...LOCK_EVENTS }, BATTERY, SUPERVISED],
  },
  { id: 5, name: "Thermostat", room: "Living room", has: thermostat },
  {
    id: 6,
    name: "Bedroom blind",
    room: "Bedroom",
    is: { ...AWAKE, genericDeviceClass: 0x11, specificDeviceClass: 0x06 },
    has: [level({ defaultValue: 99, travelTime: 1200 })],
  },
  {
    id: 7,
    name: "Living room blind",
    room: "Living room",
    has: [
      { ccId: CC["Window Covering"], version: 1, supportedParameters: [13, 23], travelTime: 1200 },
      SUPERVISED,
    ],
  },
  {
    id: 8,
    name: "Hall lamp",
    room: "Hall",
    has: [level({ defaultValue: 50 }), SUPERVISED],
  },
  { id: 9, name: "Attic lamp", room: "Attic", has: [level({ defaultValue: 30 })] },
  {
    id: 10,
    name: "Garden plugs",
    room: "Garden",
    has: [{ ccId: CC["Multi Channel"], version: 4 }, SUPERVISED],
    endpoints: [
      {
        genericDeviceClass: 0x10,
        specificDeviceClass: 0x01,
        commandClasses: [CC["Binary Switch"]],
      },
      {
        genericDeviceClass: 0x10,
        specificDeviceClass: 0x01,
        commandClasses: [CC["Binary Switch"]],
      },
    ],
  },
  {
    id: 11,
    name: "Bath window",
    room: "Bath",
    is: ASLEEP,
    has: [notifies({ 6: [22, 23] }), BATTERY, { ccId: CC["Wake Up"], version: 2 }],
  },
  {
    id: 12,
    name: "Hall motion",
    room: "Hall",
    is: ASLEEP,
    has: [
      notifies({ 7: [8] }),
      { ccId: CC["Multilevel Sensor"], version: 11, sensors: { 1: { supportedScales: [0] } } },
      BATTERY,
      { ccId: CC["Wake Up"], version: 2 },
    ],
  },
  { id: 13, name: "Cellar leak", room: "Cellar", has: [notifies({ 5: [2] })] },
  {
    id: 14,
    name: "Bath radiator",
    room: "Bath",
    is: ASLEEP,
    has: [...thermostat, BATTERY, { ccId: CC["Wake Up"], version: 2 }],
  },
  {
    id: 15,
    name: "Back door",
    room: "Kitchen",
    is: BEAMED,
    has: [lock, { ccId: CC.Notification, version: 8, ...LOCK_EVENTS }, BATTERY],
  },
  {
    id: 16,
    name: "Guest plug",
    room: "Bedroom",
    has: [{ ccId: CC["Binary Switch"], version: 2 }, SUPERVISED],
  },
];

const faults = new Map();
const sets = [];

const isSet = (command) => /CC(Operation)?Set$/.test(command.constructor.name);
const answered = (controller, Report, values) => ({
  action: "sendCC",
  cc: new Report({ nodeId: controller.ownNodeId, ...values }),
});

// What the mock's own devices lack: faults, endpoints with states of their own, batteries, wake-ups, and setpoints,
// whose own behaviour refuses all above the lowest.
const behaviour = {
  handleCC: (controller, self, command) => {
    const fault = faults.get(self.id);
    if (fault === "dead" || fault === "mute") return { action: "stop" };
    if (isSet(command)) {
      const endpoint = command.endpointIndex ?? 0;
      sets.push({ node: self.id, endpoint, command: command.constructor.name });
      if (fault === "refuses" || fault === "jams") {
        if (fault === "jams") setTimeout(() => notify(self.id, 6, 11), 100);
        return { action: "fail" };
      }
      if (fault === "deaf") return { action: "ok" };
      // It takes its time, or somebody sets it back at once.
      if (fault === "slow" || fault === "hand") {
        const key = "MultilevelSwitch_currentValue";
        const before = self.state.get(key);
        if (fault === "hand") self.state.set(key, command.targetValue);
        const after = fault === "hand" ? before : command.targetValue;
        setTimeout(() => self.state.set(key, after), fault === "hand" ? 5 : 1500);
        return { action: "ok" };
      }
    }
    const at = (name) => `${name}_${command.endpointIndex ?? 0}`;
    if (self.endpoints.size > 0 && command instanceof cc.BinarySwitchCCSet) {
      self.state.set(at("switch"), command.targetValue);
      return { action: "ok" };
    }
    if (self.endpoints.size > 0 && command instanceof cc.BinarySwitchCCGet) {
      return answered(controller, cc.BinarySwitchCCReport, {
        endpointIndex: command.endpointIndex,
        currentValue: self.state.get(at("switch")) ?? false,
      });
    }
    if (command instanceof cc.ThermostatSetpointCCSet) {
      const { minValue, maxValue } = SETPOINT[1];
      const value = fault === "clamps" ? 25 : Math.min(maxValue, Math.max(minValue, command.value));
      self.state.set("setpoint", value);
      return { action: "ok" };
    }
    if (command instanceof cc.ThermostatSetpointCCGet) {
      return answered(controller, cc.ThermostatSetpointCCReport, {
        type: command.setpointType,
        value: self.state.get("setpoint") ?? 20,
        scale: 0,
      });
    }
    if (command instanceof cc.NotificationCCGet) {
      return answered(controller, cc.NotificationCCReport, {
        notificationType: command.notificationType,
        notificationEvent: self.state.get(`event_${command.notificationType}`) ?? 0,
        notificationStatus: 255,
      });
    }
    if (command instanceof cc.BatteryCCGet) {
      return answered(controller, cc.BatteryCCReport, { level: 87, isLow: false });
    }
    if (command instanceof cc.WakeUpCCIntervalGet) {
      return answered(controller, cc.WakeUpCCIntervalReport, {
        wakeUpInterval: 3600,
        controllerNodeId: 1,
      });
    }
    if (command instanceof cc.WakeUpCCIntervalCapabilitiesGet) {
      return answered(controller, cc.WakeUpCCIntervalCapabilitiesReport, {
        minWakeUpInterval: 60,
        maxWakeUpInterval: 86400,
        defaultWakeUpInterval: 3600,
        wakeUpIntervalSteps: 60,
        wakeUpOnDemandSupported: false,
      });
    }
    if (command instanceof cc.MultilevelSensorCCGet) {
      return answered(controller, cc.MultilevelSensorCCReport, { type: 1, scale: 0, value: 20.5 });
    }
    return undefined;
  },
};

const { driver, mockPort, serial, continueStartup } =
  await testing.createAndStartDriverWithMockPort({
    // What it learned of the nodes is gone with the process: they have changed at the next start.
    storage: { cacheDir: mkdtempSync(join(tmpdir(), "zwave-")) },
    testingHooks: { skipFirmwareIdentification: true },
    emitValueUpdateAfterSetValue: true,
    // Five seconds and more otherwise, for each time that a device does not answer.
    timeouts: { report: 1000 },
  });
const controller = await MockController.create({
  homeId: 0x7e571000,
  ownNodeId: 1,
  mockPort,
  serial,
});
controller.defineBehavior(...testing.createDefaultMockControllerBehaviors());
const nodes = new Map();
for (const { id, is = AWAKE, has, endpoints } of DEVICES) {
  const node = await MockNode.create({
    id,
    controller,
    capabilities: {
      manufacturerId: 1,
      productType: 1,
      productId: id,
      ...is,
      commandClasses: [
        { ccId: CC.Version, version: 2 },
        { ccId: CC["Manufacturer Specific"], version: 1 },
        { ccId: CC["Z-Wave Plus Info"], version: 2 },
        ...has,
      ].map((one) => ccCaps(one)),
      ...(endpoints === undefined ? {} : { endpoints }),
    },
  });
  node.defineBehavior(behaviour, ...testing.createDefaultMockNodeBehaviors());
  controller.addNode(node);
  nodes.set(id, node);
}

const send = (id, command) => nodes.get(id).sendToController(createMockZWaveRequestFrame(command));
const notify = (id, notificationType, notificationEvent, more = {}) =>
  send(
    id,
    new cc.NotificationCCReport({ nodeId: 1, notificationType, notificationEvent, ...more }),
  );

const serve = async () => {
  const server = new ZwavejsServer(driver, {
    port: Number(port),
    host: "127.0.0.1",
    enableDNSServiceDiscovery: false,
  });
  await server.start();
  return server;
};
let server;

// What a test may ask of it.
const ACTIONS = {
  /** A fault by name, or none: dead, mute, refuses, jams, deaf, clamps, slow, hand. */
  fault: ({ node, fault }) => {
    if (fault === undefined) faults.delete(node);
    else faults.set(node, fault);
    nodes.get(node).autoAckControllerFrames = fault !== "dead";
  },
  asleep: ({ node }) => driver.controller.nodes.get(node).markAsAsleep(),
  wakes: ({ node }) => send(node, new cc.WakeUpCCWakeUpNotification({ nodeId: 1 })),
  ping: ({ node }) => driver.controller.nodes.get(node).ping(),
  notify: ({ node, type, event, state }) =>
    notify(node, type, event, state === undefined ? {} : { eventParameters: Buffer.from(state) }),
  /** Somebody at the device: it is otherwise, and says so or not. */
  byHand: async ({ node, key, value, silent }) => {
    nodes.get(node).state.set(key, value);
    if (silent) return;
    if (key.startsWith("BinarySwitch"))
      await send(node, new cc.BinarySwitchCCReport({ nodeId: 1, currentValue: value }));
    else if (key.startsWith("Multilevel")) {
      await send(
        node,
        new cc.MultilevelSwitchCCReport({
          nodeId: 1,
          currentValue: value,
          targetValue: value,
          duration: new Duration(0, "seconds"),
        }),
      );
    }
  },
  /** Somebody holds a blind where it is. */
  holds: ({ node, value }) => {
    const { state } = nodes.get(node);
    state.get("MultilevelSwitch_transition")?.timer?.clear();
    state.delete("MultilevelSwitch_transition");
    state.set("MultilevelSwitch_currentValue", value);
  },
  state: ({ node }) =>
    Object.fromEntries([...nodes.get(node).state].filter(([, value]) => typeof value !== "object")),
  sets: () => sets.splice(0),
  rename: ({ node, name, room }) => {
    driver.controller.nodes.get(node).name = name;
    driver.controller.nodes.get(node).location = room;
  },
  remove: ({ node }) => {
    faults.set(node, "dead");
    nodes.get(node).autoAckControllerFrames = false;
    driver.controller.emit("node removed", driver.controller.nodes.get(node), 0);
    driver.controller._nodes.delete(node);
  },
  stopServer: async () => {
    await server.destroy();
  },
  startServer: async () => {
    server = await serve();
  },
};

process.on("message", async ({ id, action, args }) => {
  try {
    process.send({ id, result: (await ACTIONS[action](args)) ?? null });
  } catch (error) {
    process.send({ id, error: String(error.stack) });
  }
});

driver.on("error", (error) => console.error(error));
driver.once("driver ready", () => {
  // Nodes that sleep are interviewed when they say that they woke up.
  for (const { id } of DEVICES.filter(({ is }) => is === ASLEEP)) {
    driver.controller.nodes.get(id).on("interview started", () => ACTIONS.wakes({ node: id }));
  }
  driver.once("all nodes ready", async () => {
    for (const { id, name, room } of DEVICES) ACTIONS.rename({ node: id, name, room });
    server = await serve();
    process.send({ ready: true });
  });
});
continueStartup();
// Nobody is left to answer.
process.on("disconnect", () => process.exit(0));
