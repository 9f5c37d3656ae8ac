// What the virtual radio has in the air: real models, with the clusters and attributes that they have at the start.
const light = ["genBasic", "genIdentify", "genGroups", "genScenes", "genOnOff", "genLevelCtrl"];
const IKEA = { manufacturer: "IKEA of Sweden", manufacturerCode: 4476 };
const POLLS = { checkinInterval: 14_400, longPollInterval: 24, shortPollInterval: 1 };
const COLOR = { colorMode: 2, colorTempPhysicalMin: 250, colorTempPhysicalMax: 454 };

const lamp = (id, number) => ({
  ...IKEA,
  id,
  ieee: `0x000b57fffe${number.toString(16).padStart(6, "0")}`,
  nwk: 0x2000 + number,
  model: "TRADFRI bulb E27 opal 1000lm",
  deviceId: 257,
  in: light,
  attrs: { genOnOff: { onOff: 1 }, genLevelCtrl: { currentLevel: 254 } },
});

const home = [
  { ...lamp("dimmer", 1), nwk: 0x1001 },
  {
    ...IKEA,
    id: "ct",
    ieee: "0x000b57fffec00002",
    nwk: 0x1002,
    model: "TRADFRI bulb E27 WS opal 980lm",
    deviceId: 268,
    in: [...light, "lightingColorCtrl"],
    attrs: {
      genOnOff: { onOff: 1 },
      genLevelCtrl: { currentLevel: 254 },
      lightingColorCtrl: {
        ...COLOR,
        colorTemperature: 370,
        colorCapabilities: 16,
        currentX: 30_000,
        currentY: 26_000,
      },
    },
  },
  {
    ...IKEA,
    id: "plug",
    ieee: "0x000b57fffec00003",
    nwk: 0x1003,
    model: "TRADFRI control outlet",
    deviceId: 266,
    in: ["genBasic", "genIdentify", "genGroups", "genScenes", "genOnOff"],
    attrs: { genOnOff: { onOff: 1 } },
  },
  {
    id: "lock",
    ieee: "0x000d6f0000000004",
    nwk: 0x1004,
    manufacturer: "Yale",
    model: "YRD226/246 TSDB",
    manufacturerCode: 4125,
    deviceId: 10,
    battery: true,
    in: ["genBasic", "genPowerCfg", "genIdentify", "closuresDoorLock"],
    attrs: {
      genPowerCfg: { batteryPercentageRemaining: 180 },
      closuresDoorLock: { lockState: 2, lockType: 0, actuatorEnabled: 1, doorState: 1 },
    },
  },
  {
    ...IKEA,
    id: "blind",
    ieee: "0x680ae2fffe000005",
    nwk: 0x1005,
    model: "FYRTUR block-out roller blind",
    deviceId: 514,
    battery: true,
    in: [
      "genBasic",
      "genPowerCfg",
      "genIdentify",
      "genGroups",
      "genScenes",
      "genPollCtrl",
      "closuresWindowCovering",
    ],
    attrs: {
      genPowerCfg: { batteryPercentageRemaining: 90 },
      genPollCtrl: POLLS,
      closuresWindowCovering: {
        windowCoveringType: 0,
        currentPositionLiftPercentage: 0,
        configStatus: 11,
        windowCoveringMode: 0,
      },
    },
  },
  {
    id: "thermostat",
    ieee: "0x0024460000000006",
    nwk: 0x1006,
    manufacturer: "Zen Within",
    model: "Zen-01",
    manufacturerCode: 4440,
    deviceId: 769,
    in: [
      "genBasic",
      "genPowerCfg",
      "genIdentify",
      "hvacThermostat",
      "hvacUserInterfaceCfg",
      "hvacFanCtrl",
    ],
    attrs: {
      genPowerCfg: { batteryVoltage: 60 },
      hvacUserInterfaceCfg: { keypadLockout: 0 },
      hvacFanCtrl: { fanMode: 5 },
      hvacThermostat: {
        localTemp: 2080,
        occupiedHeatingSetpoint: 2100,
        occupiedCoolingSetpoint: 2600,
        systemMode: 4,
        runningState: 0,
        localTemperatureCalibration: 0,
        ctrlSeqeOfOper: 4,
        occupancy: 1,
      },
    },
  },
  {
    ...IKEA,
    id: "colour",
    ieee: "0x000b57fffec00007",
    nwk: 0x1007,
    model: "TRADFRI bulb E27 CWS opal 600lm",
    deviceId: 512,
    in: [...light, "lightingColorCtrl"],
    attrs: {
      genOnOff: { onOff: 1 },
      genLevelCtrl: { currentLevel: 254 },
      lightingColorCtrl: {
        ...COLOR,
        colorTemperature: 370,
        colorCapabilities: 8,
        currentX: 30_000,
        currentY: 26_000,
      },
    },
  },
  {
    id: "switch",
    ieee: "0x001fee0000000008",
    nwk: 0x1008,
    manufacturer: "ubisys",
    model: "S2 (5502)",
    manufacturerCode: 0x10f2,
    deviceId: 266,
    in: ["genBasic", "genIdentify", "genGroups", "genScenes", "genOnOff"],
    attrs: { genOnOff: { onOff: 1 } },
    more: { 2: { deviceId: 266, in: ["genOnOff"], attrs: { genOnOff: { onOff: 1 } } } },
  },
  {
    id: "climate_sensor",
    ieee: "0x00124b0000000009",
    nwk: 0x1009,
    manufacturer: "eWeLink",
    model: "TH01",
    reports: ["msTemperatureMeasurement.measuredValue"],
    manufacturerCode: 0,
    deviceId: 770,
    battery: true,
    in: [
      "genBasic",
      "genPowerCfg",
      "genIdentify",
      "msTemperatureMeasurement",
      "msRelativeHumidity",
    ],
    attrs: {
      genPowerCfg: { batteryPercentageRemaining: 160 },
      msTemperatureMeasurement: { measuredValue: 2150 },
      msRelativeHumidity: { measuredValue: 4500 },
    },
  },
];

const many = Number(process.env.VIRTUAL_LAMPS ?? 0);

exports.DEVICES =
  many > 0 ? Array.from({ length: many }, (_, at) => lamp(`lamp_${at + 1}`, at + 1)) : home;
