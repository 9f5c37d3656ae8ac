import type { Agenda } from "./agenda.ts";
import { chance } from "./chance.ts";
import type { PerSecond } from "./quotas.ts";
import type { StageShape } from "./run-shape.ts";

// The SDK's standard retry of a throttled call: three tries, full jitter, 500 ms at first.
const SDK_TRIES = 3;
const SDK_FIRST_SECONDS = 0.5;
// Devices other than the slowest answer within this.
const QUICK_ANSWER_SECONDS = 0.4;

const FOR_SDK = 2;
const FOR_ANSWER = 3;
const MOST_DEVICES = 1000;

/** Sends a stage's commands to shadows, from which its devices answer. `onLost` is told of each that does not get through. */
export const sendCommands = (
  {
    agenda,
    shadows,
    seed,
  }: { readonly agenda: Agenda; readonly shadows: PerSecond; readonly seed: number },
  run: number,
  index: number,
  stage: StageShape,
  onLost: () => void,
): void => {
  const send = (id: number, answerSeconds: number, turn: number): void => {
    if (shadows.take(agenda.now)) {
      agenda.in(answerSeconds, () => {
        // A device does not learn that its report was refused, and sends it once.
        if (!shadows.take(agenda.now)) onLost();
      });
      return;
    }
    if (turn + 1 === SDK_TRIES) {
      onLost();
      return;
    }
    const longest = SDK_FIRST_SECONDS * 2 ** turn;
    agenda.in(longest * chance(seed, run, FOR_SDK, id * SDK_TRIES + turn), () =>
      send(id, answerSeconds, turn + 1),
    );
  };
  for (let device = 0; device < stage.devices; device += 1) {
    const id = index * MOST_DEVICES + device;
    const quick = QUICK_ANSWER_SECONDS * chance(seed, run, FOR_ANSWER, id);
    send(id, device === 0 ? stage.answerSeconds : Math.min(stage.answerSeconds, quick), 0);
  }
};
