import { randomUUID } from "node:crypto";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isObject } from "#domain/json.ts";
import type { State } from "#local/step-functions/compile/asl.ts";
import type { Branch } from "#local/step-functions/run/branch.ts";
import type { ExecutionIdentity } from "#local/step-functions/run/execution.ts";
import type { Json } from "#local/wire/json.ts";
import definition from "../../workflows/run-scene.asl.json" with { type: "json" };
import { type Journey, startJourney } from "../support/journey.ts";
import { sweepLater } from "../support/later-sweeper.ts";

const { kill } = vi.hoisted(() => ({
  kill: {
    /** At the entrance of which state the next execution is killed. */
    at: undefined as string | undefined,
    struck: (_at: ExecutionIdentity): void => {},
    entered: (_at: ExecutionIdentity): void => {},
    /** What Step Functions is told instead of calling a function, and for which. */
    instead: undefined as
      | { readonly of: "PublishCommands" | "AwaitAcknowledgements"; readonly error: string }
      | undefined,
  },
}));

// An execution that is killed ends between two events, as when the service itself goes: no Retry and no Catch sees it.
vi.mock("#local/step-functions/run/visit.ts", async (original) => {
  const module = await original<typeof import("#local/step-functions/run/visit.ts")>();
  const { Aborted } = await import("#local/step-functions/run/cancellation.ts");
  class KilledVisit extends module.Visit {
    constructor(branch: Branch, state: State, input: Json) {
      super(branch, state, input);
      kill.entered(branch.execution.identity);
      if (kill.at !== state.name) return;
      kill.at = undefined;
      branch.execution.cancellation.abort();
      kill.struck(branch.execution.identity);
      throw new Aborted("The execution was killed.");
    }
  }
  return { ...module, Visit: KilledVisit };
});

vi.mock("#local/step-functions/tasks/task-runner.ts", async (original) => {
  const module = await original<typeof import("#local/step-functions/tasks/task-runner.ts")>();
  const { StateFailure } = await import("#local/step-functions/values/state-failure.ts");
  return {
    createTaskRunner: (signal: AbortSignal) => {
      const run = module.createTaskRunner(signal);
      return (call: Parameters<typeof run>[0]) => {
        const { instead } = kill;
        return instead !== undefined && JSON.stringify(call.arguments).includes(instead.of)
          ? Promise.reject(new StateFailure(instead.error, "The test says so."))
          : run(call);
      };
    },
  };
});

/** What it takes that a run comes to a state. */
interface Way {
  readonly scene?: string;
  readonly instead?: typeof kill.instead;
  /** The run has ended, and its start is delivered once more. */
  readonly isStartedTwice?: boolean;
}

const THROTTLED = "Lambda.TooManyRequestsException";

// To each state that is not here comes a run of two lamps, one of which is offline.
const WAYS: Readonly<Record<string, Way>> = {
  "Already requested": { isStartedTwice: true },
  Throttled: { instead: { of: "PublishCommands", error: THROTTLED } },
  "Wait for a function": { instead: { of: "PublishCommands", error: THROTTLED } },
  "Batch not sent": { instead: { of: "PublishCommands", error: "Lambda.ServiceException" } },
  "Wait for slow devices": { instead: { of: "AwaitAcknowledgements", error: THROTTLED } },
  Hold: { scene: "Held" },
  "Hand on to be undone": { scene: "Whole" },
};

const namesIn = (group: unknown): readonly string[] => {
  if (!isObject(group) || !isObject(group.States)) return [];
  return Object.entries(group.States).flatMap(([name, state]) => [
    name,
    ...(isObject(state) ? namesIn(state.ItemProcessor) : []),
  ]);
};
const STATES = namesIn(definition);

const isOf = (run: string, command: unknown): boolean => isObject(command) && command.run === run;

const OFF = { light: { on: false } };

let house: Journey;
let sweep: Awaited<ReturnType<typeof sweepLater>>;

const saveScene = async (scene: object): Promise<void> => {
  await house.client.callTool("save_scene", { definition: JSON.stringify(scene) });
};

beforeAll(async () => {
  house = await startJourney({ faults: "hall_lamp=offline" });
  await saveScene({ name: "Held", hold: "1s", entities: { "Kitchen light": OFF } });
  await saveScene({
    name: "Whole",
    on_partial: "undo",
    entities: { "Hall lamp": OFF, "Kitchen light": OFF },
  });
  sweep = await sweepLater(house);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await house?.close();
}, 60_000);

// Each is a run of its own: without a request id it would join the one that was killed before.
const start = (scene: string | undefined): Promise<unknown> =>
  scene === undefined
    ? house.client.callTool("set_devices", {
        devices: ["hall_lamp", "kitchen_light"].map((device) => ({ device, want: OFF })),
        request_id: randomUUID(),
      })
    : house.client.callTool("run_scene", { scene, request_id: randomUUID(), wait_s: 5 });

const startAgain = async ({ stateMachineArn, input }: ExecutionIdentity): Promise<void> => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  const client = new SFNClient({ endpoint, region, credentials });
  await client.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  client.destroy();
};

/** Kills a run at the entrance of a state, and answers its id. @throws Error where it never came there */
const killAt = async (state: string, { scene, instead, isStartedTwice }: Way): Promise<string> => {
  const struck = new Promise<ExecutionIdentity>((resolve) => {
    kill.struck = resolve;
  });
  const entered = new Promise<ExecutionIdentity>((resolve) => {
    kill.entered = resolve;
  });
  if (isStartedTwice === true) await start(scene);
  kill.at = state;
  kill.instead = instead;
  if (isStartedTwice === true) await startAgain(await entered);
  else {
    const answer = await start(scene).catch(String);
    // Whoever called has heard the end: a run that is not struck by now never came there.
    if (kill.at === state) throw new Error(`Never came to ${state}: ${JSON.stringify(answer)}`);
  }
  const { input } = await struck;
  kill.instead = undefined;
  if (!isObject(input) || !isObject(input.run)) throw new Error("The run has no id.");
  return String(input.run.id);
};

test("the ways to states are ways to states that there are", () => {
  expect(Object.keys(WAYS).filter((name) => !STATES.includes(name))).toEqual([]);
  expect(STATES).toContain("Hand on to be undone");
  expect(STATES).toContain("Wait for a function");
});

// REQ: sweeper
// REQ: cut-off-run
test.each(STATES)(
  "killed at '%s', a run leaves no command, and its record says what is known",
  async (state) => {
    const run = await killAt(state, WAYS[state] ?? {});

    const { left, failed } = await sweep();

    expect({ left, failed }).toEqual({ left: 0, failed: [] });
    for (const device of ["hall_lamp", "kitchen_light"]) {
      const { desired, reported } = await house.shadowOf(device);
      // What a device has answered may stay: it does a command of one id once.
      if (isOf(run, desired?.command)) expect(reported?.command).toMatchObject({ run });
    }
    const records = await house.auditOf(run);
    const isRequested = records.some(({ SK }) => SK === "RUN");
    const outcome = records.find(({ SK }) => SK === "OUTCOME");
    expect(outcome !== undefined).toBe(isRequested);
    if (outcome?.cutOff !== undefined) {
      const told = await house.client.callTool("get_run", { run_id: run });
      expect(told.result).not.toBe("done");
      expect(told.say).toContain("was cut off before its end");
    }
  },
);

test("the device that comes back finds nothing that it was to do", async () => {
  const { reported: before } = await house.shadowOf("hall_lamp");

  await house.home.house.setFault("hall_lamp");

  const now = () => house.shadowOf("hall_lamp");
  await expect
    .poll(async () => (await now()).reported, { timeout: 10_000 })
    .toMatchObject({ online: true });
  const { reported, desired } = await now();
  expect(desired?.command).toBeUndefined();
  expect(reported).toEqual({ ...before, online: true });
});
