import { setTimeout as pause } from "node:timers/promises";
import type { CommandableDevice } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { Actuator } from "#house/contract/actuator.ts";
import { createContractDevice, type DeviceMemory } from "#house/contract/contract-device.ts";
import { type DeviceKey, openDeviceLink } from "#house/contract/device-link.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import { actingTimeMs, carryOut, unjammed } from "./carry-out.ts";
import { type Fault, refuseImpossibleFault } from "./faults.ts";
import { repeatingLink } from "./repeating-link.ts";

/** One simulated device. */
export interface SimulatedDevice {
  readonly latencyMs: number;
  reported(): ReportedState;
  memory(): DeviceMemory;
  commandsReceived(): readonly string[];
  /** Connects and reports; with the fault `offline` it reports that it goes, and goes. */
  start(): Promise<void>;
  /** Gives it a fault, or wakes it. Resolves when the broker has what it then has to say. */
  setFault(fault: Fault | undefined): Promise<void>;
  /** Somebody uses it by hand: it is so now, and reports it. */
  setByHand(values: DeviceValues): Promise<void>;
  stop(): Promise<void>;
}

/** What a device is made with. */
export interface DeviceOptions {
  readonly mqttUrl: string;
  readonly device: CommandableDevice;
  readonly deviceKey?: DeviceKey | undefined;
  readonly memory: DeviceMemory;
  readonly latencyMs: number;
  readonly fault?: Fault | undefined;
  /** Its values or its last answer are new. */
  onChange(): void;
  onLost(): void;
  onBack(): void;
  log(line: string): void;
}

/** Makes a device that keeps the contract as far as its fault lets it: latency, faults and physics behind the contract. */
export const simulateDevice = (options: DeviceOptions): SimulatedDevice => {
  const { device, latencyMs } = options;
  let fault = options.fault;
  let isStopped = false;
  let changing = Promise.resolve();

  const actuator: Actuator = {
    isReady: () => fault?.kind !== "silent",
    carryOut: async (order, { isOver, values, latest }) => {
      const ms = actingTimeMs(device, order, latencyMs, fault);
      if (ms > 0) await pause(ms, undefined, { signal: isOver });
      // It may have been silenced meanwhile.
      if (!actuator.isReady()) return undefined;
      const before = values();
      const answer = carryOut(device, before, latest(), fault);
      if (fault?.kind === "springs_back" && answer.status === "SUCCEEDED") {
        springBackLater({ ...before, jammed: true }, fault.afterMs);
      }
      return answer;
    },
  };
  const { onChange, onLost, onBack, log } = options;
  const contract = createContractDevice({
    device,
    actuator,
    memory: options.memory,
    openLink: (events) =>
      repeatingLink(
        openDeviceLink(options.mqttUrl, device.thing, events, options.deviceKey),
        () => fault?.kind === "duplicate",
      ),
    onChange,
    onLost,
    onBack,
    log,
  });

  const byItself = async (values: DeviceValues): Promise<void> => {
    contract.noteValues(values);
    // Without a connection the next one reports it.
    if (contract.isOnline()) await contract.report();
  };
  let springing: NodeJS.Timeout | undefined;
  const springBackLater = (values: DeviceValues, ms: number): void => {
    springing = setTimeout(() => {
      byItself(values).catch((error: unknown) => log(`${device.id}: ${String(error)}`));
    }, ms);
  };

  /** Ends a jam, unless the fault is one. The shadow is told with the next report. */
  const endJam = (): boolean => {
    const { values } = contract.memory();
    const isFreed =
      fault?.kind !== "jammed" && fault?.kind !== "springs_back" && Object.hasOwn(values, "jammed");
    if (isFreed) contract.noteValues(unjammed(values));
    return isFreed;
  };

  const changeFault = async (next: Fault | undefined): Promise<void> => {
    if (isStopped) return;
    const before = fault;
    fault = next;
    const isFreed = endJam();
    if (next?.kind === "offline") return contract.disconnect();
    if (before?.kind === "offline") return contract.connect();
    if (isFreed) await contract.report();
    if (before?.kind === "silent") await contract.lookAgain();
  };

  // Of an earlier life: the shadow may still know it.
  endJam();
  return {
    latencyMs,
    reported: () => ({ [device.kind]: contract.memory().values, online: contract.isOnline() }),
    memory: contract.memory,
    commandsReceived: contract.commandsReceived,
    start: () => (fault?.kind === "offline" ? contract.announceOffline() : contract.connect()),
    setFault: (next) => {
      refuseImpossibleFault(device, next);
      // One change after the other: a device cannot come while it is still going.
      changing = changing.catch(() => {}).then(() => changeFault(next));
      return changing;
    },
    setByHand: (values) => byItself({ ...contract.memory().values, ...values }),
    stop: () => {
      isStopped = true;
      clearTimeout(springing);
      return contract.disconnect();
    },
  };
};
