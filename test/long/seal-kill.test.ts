import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startSealingBench } from "../local/audit/sealing-bench.ts";
import { ROOT } from "../support/command.ts";

const SEALER = join(ROOT, "test", "support", "sealer-process.ts");
const KILLS = 200;
// Of a pass that seals something; a kill later than its last call would be none.
const CALLS = 36;

/** What is killed when the sealer makes its next call of that number: before it is carried out, or when it was. */
interface Aim {
  readonly call: number;
  readonly isBefore: boolean;
}

// REQ: head-signed-after
test(`${KILLS} sealers are killed, each at another of its calls, while runs and late acknowledgements go on: every record is sealed once`, async () => {
  let aim: Aim | undefined;
  let [calls, kills] = [0, 0];
  let kill: () => void = () => {};
  const strike = (isBefore: boolean): boolean => {
    if (aim?.isBefore !== isBefore || calls !== aim.call) return false;
    aim = undefined;
    kill();
    kills += 1;
    return true;
  };
  const bench = await startSealingBench({
    refuse: () => {
      calls += 1;
      return strike(true);
    },
    carriedOut: () => strike(false),
  });
  const pass = async (next?: Aim): Promise<void> => {
    calls = 0;
    aim = next;
    const sealer = spawn(process.execPath, [SEALER], {
      cwd: ROOT,
      env: { ...process.env, ...bench.environment },
      stdio: "ignore",
    });
    kill = () => sealer.kill("SIGKILL");
    // Meanwhile a run goes on, and an older one's device answers late.
    run += 1;
    const written = ["RUN", "ACK#home-a#0#3#1", "ACK#home-b#0#3#1", "OUTCOME"].map((sort) =>
      bench.write("home", run, sort),
    );
    await Promise.all([...written, bench.write("home", run - 1, `ACK#home-late#0#9#${run}`)]);
    await once(sealer, "exit");
    await bench.endLease("home");
  };
  let run = 0;

  const faults: string[] = [];
  // A pass that finds nothing new ends before some calls: it is no kill, and the next one aims at the same.
  for (let round = 0; kills < KILLS && round < 2 * KILLS; round += 1) {
    await pass({ call: 1 + (kills % CALLS), isBefore: Math.floor(kills / CALLS) % 2 === 0 });
    if (kills % 50 !== 0 || kills === 0) continue;
    await pass();
    // What was written while that one looked around.
    await pass();
    faults.push(...(await bench.faultsOf("home")));
  }

  await bench.close();
  expect(faults).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
}, 1_200_000);
