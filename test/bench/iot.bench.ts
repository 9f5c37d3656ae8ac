// Command → acknowledgement through shadows, beside the same exchange without shadows, on both brokers, in one run,
// and how many times as long the shadows take. The goal is twice, and 200 devices within 60 ms.
// The brokers run in processes of their own; the backend and the devices share this one.
import { join } from "node:path";
import { scratchDirectory } from "../local/iot/support.ts";
import { mosquittoPath, startMosquitto } from "../support/mosquitto.ts";
import { type Served, startCore } from "./mqtt/core.ts";
import {
  closeHouse,
  type Exchange,
  type House,
  openHouse,
  RAW,
  round,
  SHADOWS,
} from "./mqtt/exchange.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 30);
const SIZES = [10, 50, 200];
const WARM_UP = 5;
const GOAL_TIMES = 2;
const GOAL_LAST_MS = 60;

const scratch = scratchDirectory();
let files = 0;
const coreOn = (broker: string): Promise<Served> => {
  files++;
  return startCore(join(scratch.path, `${files}.sqlite`), broker);
};

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const ms = (value: number): string => value.toFixed(1).padStart(7);

/**
 * How many acknowledgements a second with 200 under way. Through shadows each one leaves a delta, which the device
 * acknowledges too; that is an update like the others, so all that arrive are counted.
 */
const throughput = async (house: House, exchange: Exchange, size: number): Promise<number> => {
  const begun = performance.now();
  const until = begun + 3000;
  const before = house.heard.count;
  await Promise.all(
    Array.from({ length: size }, async (_each, index) => {
      for (let turn = 0; performance.now() < until; turn++) {
        const id = `t${turn}.${index}`;
        const { promise, resolve } = Promise.withResolvers<void>();
        house.answered.set(id, resolve);
        house.devices[index]?.publish(exchange.answerTopic(`dev${index}`), exchange.answer(id), {
          qos: 1,
        });
        await promise;
        house.answered.delete(id);
      }
    }),
  );
  return ((house.heard.count - before) / (performance.now() - begun)) * 1000;
};

interface Arm {
  readonly name: string;
  readonly exchange: Exchange;
  readonly served: Served;
}

/** What one arm took for one size of house, in ms. */
interface Taken {
  readonly p50: number;
  readonly p99: number;
  /** Until the last device of a round: the median of the rounds. */
  readonly last: number;
  readonly updatesPerSecond?: number;
}

/** The arms take turns round by round, so that what else the machine does hits all of them alike. */
const measure = async (arms: readonly Arm[], size: number): Promise<readonly Taken[]> => {
  const houses = await Promise.all(
    arms.map(async (arm) => ({
      ...arm,
      house: await openHouse(arm.served.url, arm.exchange, size),
      each: [] as number[],
      last: [] as number[],
    })),
  );
  for (let turn = 0; turn < WARM_UP + ROUNDS; turn++) {
    for (const { house, exchange, each, last } of houses) {
      const times = await round(house, exchange, { size }, `${size}-${turn}`);
      if (turn < WARM_UP) continue;
      each.push(...times);
      last.push(Math.max(...times));
    }
  }
  const taken: Taken[] = [];
  for (const { house, exchange, each, last } of houses) {
    taken.push({
      p50: quantile(each, 0.5),
      p99: quantile(each, 0.99),
      last: quantile(last, 0.5),
      ...(size === SIZES.at(-1)
        ? { updatesPerSecond: await throughput(house, exchange, size) }
        : {}),
    });
    await closeHouse(house);
  }
  return taken;
};

const arms: Arm[] = [];
const embedded = await coreOn("embedded");
arms.push({ name: "raw MQTT, embedded broker", exchange: RAW, served: embedded });
arms.push({
  name: "shadows, embedded broker",
  exchange: SHADOWS,
  served: await coreOn("embedded"),
});
const closing: (() => Promise<void>)[] = arms.map(({ served }) => served.close);
if (mosquittoPath === undefined) {
  console.log("mosquitto is not installed: its two arms are left out");
} else {
  const plain = await startMosquitto();
  const carrying = await startMosquitto();
  const core = await coreOn(carrying.url);
  arms.push({ name: "raw MQTT, mosquitto", exchange: RAW, served: plain });
  arms.push({ name: "shadows, mosquitto", exchange: SHADOWS, served: carrying });
  closing.push(plain.close, core.close, carrying.close);
}

const columns: (readonly Taken[])[] = [];
for (const size of SIZES) columns.push(await measure(arms, size));
for (const close of closing) await close();
scratch.remove();

const line = (name: string, cells: readonly string[]): void =>
  console.log([name.padEnd(27), ...cells.map((cell) => cell.padEnd(23))].join(" | ").trimEnd());

console.log(
  `ms from command to acknowledgement, ${ROUNDS} rounds: p50 and p99 of a device, median of the last device`,
);
line("", [...SIZES.map((size) => `${size} devices`), "updates/s"]);
for (const [index, { name }] of arms.entries()) {
  const cells = columns.flatMap((column) => column[index] ?? []);
  line(name, [
    ...cells.map(({ p50, p99, last }) => `${ms(p50)} ${ms(p99)} ${ms(last)}`),
    cells.at(-1)?.updatesPerSecond?.toFixed(0) ?? "",
  ]);
}

console.log(`\nshadows / raw MQTT, goal ${GOAL_TIMES} for p50 and for the last device`);
const times = (over: number, under: number): string => (over / under).toFixed(2).padStart(7);
for (let index = 0; index + 1 < arms.length; index += 2) {
  const ratios = columns.flatMap((column) => {
    const [plain, shadowed] = column.slice(index, index + 2);
    return plain === undefined || shadowed === undefined ? [] : { plain, shadowed };
  });
  line(arms[index + 1]?.name ?? "", [
    ...ratios.map(
      ({ plain, shadowed }) =>
        `${times(shadowed.p50, plain.p50)} ${times(shadowed.p99, plain.p99)} ${times(shadowed.last, plain.last)}`,
    ),
  ]);
}
const last = columns.at(-1)?.[1]?.last ?? Number.NaN;
console.log(
  `${SIZES.at(-1)} devices, shadows, embedded broker: ${last.toFixed(1)} ms, goal ${GOAL_LAST_MS}`,
);
