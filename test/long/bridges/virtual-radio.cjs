// A Zigbee radio without a radio, loaded with `node -r` before Zigbee2MQTT: it takes the place of the adapter of
// zigbee-herdsman, and answers as devices do, byte for byte (Zigbee Cluster Library). Everything above it (interview,
// converters, queue, MQTT) is Zigbee2MQTT's own code.
//
// Its parent may send: {device, fault} (null, "dead", "asleep", "jammed", "mute", "lost-report", "reject"), {device, delayMs},
// {device, set: {cluster: {attribute: value}}} (by hand), {leave}, {join}, {ask: device, token} (answered by
// {token, attrs, commands, missed}), each answered by {done: token} where a token is given.
const path = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const root = process.env.Z2M_MODULES;
const herdsman = path.join(root, "zigbee-herdsman/dist");
const { Adapter } = require(path.join(herdsman, "adapter/adapter.js"));
const Zcl = require(path.join(herdsman, "zspec/zcl"));
const Zdo = require(path.join(herdsman, "zspec/zdo"));
const { DEVICES } = require("./virtual-devices.cjs");

const COORDINATOR = "0x00124b00deadbeef";
const REPORT_MS = 60;
const { GLOBAL, SPECIFIC } = Zcl.FrameType;
const SUCCESS = 0;
const FAILURE = 1;
const UNSUPPORTED_COMMAND = 0x81;
const UNSUPPORTED_ATTRIBUTE = 0x86;
const INVALID_VALUE = 0x87;

const nameOfAttribute = (cluster, id) =>
  Object.keys(Zcl.Clusters[cluster]?.attributes ?? {}).find(
    (name) => Zcl.Clusters[cluster].attributes[name].ID === id,
  );

class VirtualDevice {
  constructor(radio, spec) {
    this.radio = radio;
    this.spec = spec;
    this.fault = undefined;
    this.delayMs = 30;
    this.moving = new Map();
    // As real devices: they report what they were configured to, and remember that by themselves.
    this.reporting = new Set(spec.reports);
    this.commands = [];
    this.missed = 0;
    const basic = {
      zclVersion: 3,
      appVersion: 1,
      stackVersion: 1,
      hwVersion: 1,
      manufacturerName: spec.manufacturer,
      modelId: spec.model,
      dateCode: "20240101",
      powerSource: spec.battery ? 3 : 1,
      swBuildId: "1.0.0",
    };
    this.endpoints = {
      1: {
        deviceId: spec.deviceId,
        in: spec.in,
        attrs: { genBasic: basic, ...structuredClone(spec.attrs) },
      },
      ...structuredClone(spec.more ?? {}),
    };
  }

  frame(endpoint, cluster, type, command, payload, tsn, manufacturerCode) {
    const data = Zcl.Frame.create(
      type,
      Zcl.Direction.SERVER_TO_CLIENT,
      true,
      manufacturerCode,
      tsn ?? this.radio.nextSequence(),
      command,
      cluster,
      payload,
      {},
    ).toBuffer();
    return {
      clusterID: Zcl.Clusters[cluster].ID,
      address: this.spec.nwk,
      header: Zcl.Header.fromBuffer(data),
      data,
      endpoint,
      linkquality: 120,
      groupID: 0,
      wasBroadcast: false,
      destinationEndpoint: 1,
    };
  }

  /** It is otherwise, by a command or by hand, and reports what it was configured to report. */
  change(endpoint, cluster, values) {
    Object.assign(this.endpoints[endpoint].attrs[cluster], values);
    if (["dead", "asleep", "lost-report"].includes(this.fault)) return;
    const told = Object.entries(values).filter(([name]) =>
      this.reporting.has(`${cluster}.${name}`),
    );
    if (told.length === 0) return;
    const payload = told.map(([name, attrData]) => {
      const { ID: attrId, type: dataType } = Zcl.Clusters[cluster].attributes[name];
      return { attrId, dataType, attrData };
    });
    this.radio.emit("zclPayload", this.frame(endpoint, cluster, GLOBAL, "report", payload));
  }

  /** It wakes up and checks in, which is when a coordinator sends what it kept for it. */
  checkIn() {
    if (!this.spec.in.includes("genPollCtrl")) return;
    this.radio.emit("zclPayload", this.frame(1, "genPollCtrl", SPECIFIC, "checkin", {}));
  }

  async answer(endpoint, frame, disableResponse) {
    await pause(this.delayMs);
    if (this.fault === "dead" || this.fault === "asleep") {
      await pause(this.fault === "dead" ? 50 : 300);
      this.missed += 1;
      throw new Error(`Delivery failed for '${this.spec.nwk}'.`);
    }
    if (this.fault === "mute") {
      await pause(10_000);
      throw new Error(`{"target":${this.spec.nwk}} timed out after 10000ms`);
    }
    const cluster = frame.cluster.name;
    const { transactionSequenceNumber: tsn, manufacturerCode, frameControl } = frame.header;
    const respond = (type, command, payload) => {
      const response = this.frame(endpoint, cluster, type, command, payload, tsn, manufacturerCode);
      this.radio.emit("zclPayload", response);
      return disableResponse ? undefined : response;
    };
    const acknowledge = (statusCode) =>
      respond(GLOBAL, "defaultRsp", { cmdId: frame.command.ID, statusCode });
    if (frame.header.isGlobal) return this.answerGlobal(endpoint, frame, respond, acknowledge);

    this.commands.push(`${cluster}.${frame.command.name}`);
    const status =
      this.fault === "reject"
        ? FAILURE
        : this.act(endpoint, cluster, frame.command.name, frame.payload);
    const { response } = frame.command;
    if (response !== undefined) {
      const known = Zcl.Clusters[cluster].commandsResponse;
      const name = Object.keys(known).find((one) => known[one].ID === response);
      return respond(SPECIFIC, name, this.responsePayload(cluster, frame.payload, status));
    }
    return frameControl.disableDefaultResponse ? undefined : acknowledge(status);
  }

  answerGlobal(endpoint, frame, respond, acknowledge) {
    const cluster = frame.cluster.name;
    const known = this.endpoints[endpoint]?.attrs[cluster] ?? {};
    switch (frame.command.name) {
      case "read":
        return respond(
          GLOBAL,
          "readRsp",
          frame.payload.map(({ attrId }) => {
            const name = nameOfAttribute(cluster, attrId);
            return known[name] === undefined
              ? { attrId, status: UNSUPPORTED_ATTRIBUTE }
              : {
                  attrId,
                  status: SUCCESS,
                  dataType: Zcl.Clusters[cluster].attributes[name].type,
                  attrData: known[name],
                };
          }),
        );
      case "write": {
        if (this.fault === "reject") {
          return respond(
            GLOBAL,
            "writeRsp",
            frame.payload.map(({ attrId }) => ({ status: INVALID_VALUE, attrId })),
          );
        }
        const values = Object.fromEntries(
          frame.payload.map(({ attrId, attrData }) => [nameOfAttribute(cluster, attrId), attrData]),
        );
        this.commands.push(`${cluster}.write`);
        if (this.endpoints[endpoint].attrs[cluster] !== undefined) {
          setTimeout(() => this.change(endpoint, cluster, values), REPORT_MS);
        }
        return respond(GLOBAL, "writeRsp", [{ status: SUCCESS }]);
      }
      case "configReport":
        for (const { attrId } of frame.payload)
          this.reporting.add(`${cluster}.${nameOfAttribute(cluster, attrId)}`);
        return respond(GLOBAL, "configReportRsp", [{ status: SUCCESS }]);
      default:
        return acknowledge(UNSUPPORTED_COMMAND);
    }
  }

  responsePayload(cluster, { groupid, sceneid }, status) {
    if (cluster === "genGroups")
      return { status: SUCCESS, groupid: groupid ?? 0, capacity: 1, groupcount: 0, grouplist: [] };
    if (cluster === "genScenes")
      return { status: SUCCESS, groupid, groupId: groupid, sceneid, sceneId: sceneid };
    return { status };
  }

  /** Does what a command says, as far as its fault lets it. */
  act(endpoint, cluster, name, payload) {
    const { attrs } = this.endpoints[endpoint];
    const soon = (values) => setTimeout(() => this.change(endpoint, cluster, values), REPORT_MS);
    switch (cluster) {
      case "genOnOff":
        if (this.fault !== "jammed")
          soon({ onOff: name === "on" ? 1 : name === "off" ? 0 : 1 - attrs.genOnOff.onOff });
        return SUCCESS;
      case "genLevelCtrl":
        if (name === "moveToLevelWithOnOff") {
          setTimeout(
            () => this.change(endpoint, "genOnOff", { onOff: payload.level > 0 ? 1 : 0 }),
            REPORT_MS,
          );
        } else if (attrs.genOnOff.onOff === 0) return SUCCESS;
        this.fade(endpoint, cluster, { currentLevel: payload.level }, payload.transtime * 100);
        return SUCCESS;
      case "lightingColorCtrl":
        if (name === "moveToColorTemp") {
          this.fade(
            endpoint,
            cluster,
            { colorTemperature: payload.colortemp },
            payload.transtime * 100,
          );
        } else if (name === "moveToColor") {
          this.fade(
            endpoint,
            cluster,
            { currentX: payload.colorx, currentY: payload.colory },
            payload.transtime * 100,
          );
        }
        return SUCCESS;
      case "closuresDoorLock":
        setTimeout(
          () =>
            this.change(endpoint, cluster, {
              lockState: this.fault === "jammed" ? 0 : name === "lockDoor" ? 1 : 2,
            }),
          700,
        );
        return SUCCESS;
      case "closuresWindowCovering": {
        const now = attrs[cluster].currentPositionLiftPercentage;
        const goals = {
          upOpen: 0,
          downClose: 100,
          goToLiftPercentage: payload.percentageliftvalue,
        };
        this.fade(
          endpoint,
          cluster,
          { currentPositionLiftPercentage: goals[name] ?? now },
          1200,
          300,
        );
        return SUCCESS;
      }
      default:
        return UNSUPPORTED_COMMAND;
    }
  }

  fade(endpoint, cluster, goals, ms, everyMs = 500) {
    if (this.fault === "jammed") return;
    for (const [attribute, goal] of Object.entries(goals)) {
      const key = `${endpoint} ${attribute}`;
      clearInterval(this.moving.get(key));
      const from = this.endpoints[endpoint].attrs[cluster][attribute];
      const beganMs = Date.now();
      if (ms === 0) {
        setTimeout(() => this.change(endpoint, cluster, { [attribute]: goal }), REPORT_MS);
        continue;
      }
      const step = setInterval(
        () => {
          const part = Math.min(1, (Date.now() - beganMs) / ms);
          this.change(endpoint, cluster, { [attribute]: Math.round(from + (goal - from) * part) });
          if (part === 1) clearInterval(step);
        },
        Math.min(everyMs, ms),
      );
      this.moving.set(key, step);
    }
  }
}

class VirtualAdapter extends Adapter {
  constructor(...options) {
    super(...options);
    this.sequence = 0;
    this.devices = new Map(DEVICES.map((spec) => [spec.ieee, new VirtualDevice(this, spec)]));
    process.on("message", (message) => this.control(message));
  }
  nextSequence() {
    this.sequence = (this.sequence + 1) & 0xff;
    return this.sequence;
  }
  byId(id) {
    return [...this.devices.values()].find(({ spec }) => spec.id === id);
  }
  announce({ spec }, event) {
    this.emit(event, { networkAddress: spec.nwk, ieeeAddr: spec.ieee });
  }
  control({ device, fault, delayMs, set, leave, join, ask, token }) {
    if (join) this.announce(this.byId(join), "deviceJoined");
    if (leave) this.announce(this.byId(leave), "deviceLeave");
    if (device) {
      const one = this.byId(device);
      const wasAsleep = one.fault === "asleep";
      if (fault !== undefined) one.fault = fault ?? undefined;
      if (delayMs !== undefined) one.delayMs = delayMs;
      for (const [cluster, values] of Object.entries(set ?? {})) one.change(1, cluster, values);
      if (wasAsleep && one.fault === undefined) one.checkIn();
    }
    if (ask) {
      const one = this.byId(ask);
      const attrs = Object.fromEntries(
        Object.entries(one.endpoints).map(([id, endpoint]) => [id, endpoint.attrs]),
      );
      process.send({ token, attrs, commands: one.commands, missed: one.missed });
    } else if (token) process.send({ token });
  }
  async start() {
    setTimeout(() => {
      for (const device of this.devices.values()) this.announce(device, "deviceJoined");
    }, 50);
    return "resumed";
  }
  async stop() {
    for (const { moving } of this.devices.values())
      for (const step of moving.values()) clearInterval(step);
  }
  async getCoordinatorIEEE() {
    return COORDINATOR;
  }
  async getCoordinatorVersion() {
    return { type: "virtual", meta: { revision: "1" } };
  }
  async getNetworkParameters() {
    const { panID, channelList } = this.networkOptions;
    return { panID, extendedPanID: "0xdddddddddddddddd", channel: channelList[0], nwkUpdateID: 0 };
  }
  async supportsBackup() {
    return false;
  }
  waitFor() {
    return { promise: new Promise(() => {}), cancel: () => {} };
  }
  async reset() {}
  async backup() {
    throw new Error("no backup");
  }
  async addInstallCode() {}
  async permitJoin() {}
  async sendZclFrameToAll() {}
  async setChannelInterPAN() {}
  async sendZclFrameInterPANToIeeeAddr() {}
  async sendZclFrameInterPANBroadcast() {}
  async restoreChannelInterPAN() {}
  async sendZdo(ieee, nwk, cluster, payload) {
    const ids = Zdo.ClusterId;
    const ok = Zdo.Status.SUCCESS;
    const simple = (endpoint, deviceId, inputs) => ({
      nwkAddress: nwk,
      length: 8,
      endpoint,
      profileId: 260,
      deviceId,
      deviceVersion: 1,
      inClusterList: inputs.map((name) => Zcl.Clusters[name].ID),
      outClusterList: [],
    });
    if (ieee === COORDINATOR || nwk === 0) {
      if (cluster === ids.ACTIVE_ENDPOINTS_REQUEST)
        return [ok, { nwkAddress: 0, endpointList: [1] }];
      if (cluster === ids.SIMPLE_DESCRIPTOR_REQUEST) return [ok, simple(1, 5, [])];
      return [ok, undefined];
    }
    const device = this.devices.get(ieee);
    if (device === undefined || device.fault === "dead")
      throw new Error(`ZDO: no answer from ${ieee}`);
    const { spec } = device;
    await pause(5);
    switch (cluster) {
      case ids.NODE_DESCRIPTOR_REQUEST:
        return [
          ok,
          {
            nwkAddress: nwk,
            logicalType: spec.battery ? 2 : 1,
            manufacturerCode: spec.manufacturerCode,
            serverMask: { stackComplianceRevision: 22 },
            capabilities: {},
          },
        ];
      case ids.ACTIVE_ENDPOINTS_REQUEST:
        return [ok, { nwkAddress: nwk, endpointList: Object.keys(device.endpoints).map(Number) }];
      case ids.SIMPLE_DESCRIPTOR_REQUEST: {
        // The request's last byte is the endpoint.
        const id = payload.at(-1);
        return [ok, simple(id, device.endpoints[id].deviceId, device.endpoints[id].in)];
      }
      case ids.LEAVE_REQUEST:
        setTimeout(() => this.announce(device, "deviceLeave"), 20);
        return [ok, undefined];
      default:
        return [ok, undefined];
    }
  }
  async sendZclFrameToEndpoint(ieee, nwk, endpoint, frame, _timeout, disableResponse) {
    const device = this.devices.get(ieee);
    if (device === undefined) throw new Error(`Delivery failed for '${nwk}'.`);
    // As it goes over the air: what the device hears is what the bytes say.
    const data = frame.toBuffer();
    const heard = Zcl.Frame.fromBuffer(frame.cluster.ID, Zcl.Header.fromBuffer(data), data, {});
    return device.answer(endpoint, heard, disableResponse);
  }
  async sendZclFrameToGroup(_group, frame) {
    for (const device of this.devices.values()) {
      if (device.spec.in.includes(frame.cluster.name))
        device.answer(1, frame, true).catch(() => {});
    }
  }
}
Adapter.create = async (...options) => new VirtualAdapter(...options);
