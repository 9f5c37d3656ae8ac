import { getShadow, updateShadowAtVersion } from "#adapters/device-shadows.ts";
import { logger } from "#adapters/observed.ts";
import { fewAtOnce } from "#adapters/sdk/few-at-once.ts";
import { HomeError } from "#domain/home-error.ts";
import { commandId, withdrawalDocument } from "#domain/run/command.ts";
import type { LeftOver } from "#domain/run/cut-off/left-over.ts";
import type { ShadowView } from "#domain/run/outcome.ts";

/**
 * Takes commands of a run back out of their devices' shadows, and returns what each shadow showed, by thing. One that
 * cannot be read or written until then must not keep the others from being taken back, nor their outcomes from being recorded: its
 * command still expires by itself, and the log says why it was not withdrawn.
 */
export const withdrawCommands = async (
  run: string,
  leftOver: readonly LeftOver[],
  until: AbortSignal,
): Promise<Readonly<Record<string, ShadowView>>> =>
  Object.fromEntries(
    await fewAtOnce(leftOver, MOST_AT_ONCE, async (one) => {
      const { thing } = one.command;
      try {
        return [thing, await withdrawCommand(run, one, until)] as const;
      } catch (error) {
        logger.error("A command was not withdrawn; it expires by itself", { thing, error });
        return [thing, { isNotWithdrawn: true }] as const;
      }
    }),
  );

// As many as the client has connections.
const MOST_AT_ONCE = 25;

// Each lost race means that the device, or another run, wrote in between; five in a row is somebody writing in a loop.
const MAX_TRIES = 5;

/**
 * Takes a run's command back out of a device's shadow, unless it is no longer the run's own, or the device has just
 * echoed what nobody saw an answer to. One that was answered is taken back all the same. Returns what the shadow showed.
 * @throws HomeError `RecordInvalid` when the shadow changes faster than it can be written.
 */
const withdrawCommand = async (
  run: string,
  { stage, command, isAnswered }: LeftOver,
  until: AbortSignal,
): Promise<ShadowView> => {
  const id = commandId(run, stage);
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const shadow = await getShadow(command.thing, until);
    if (shadow === undefined) return {};
    if (shadow.view.desiredCommandId !== id) return shadow.view;
    if (!isAnswered && shadow.view.reportedCommandId === id) return shadow.view;
    const document = withdrawalDocument(command, id, shadow.version);
    if (await updateShadowAtVersion(command.thing, document, until)) return shadow.view;
  }
  throw new HomeError("RecordInvalid", `The shadow of ${command.thing} kept changing.`);
};
