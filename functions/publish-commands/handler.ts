import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import { thingPrefixOfStage } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { commandDocument, commandHeader } from "#domain/run/command.ts";
import { type PublishOutput, parsePublishInput } from "#domain/run/workflow.ts";

const thingPrefix = thingPrefixOfStage();

/** Publishes a batch of commands, all at once. A device whose command did not go out is data, not an error. */
export const handler = observed(async (event): Promise<PublishOutput> => {
  const { run, stage, commands } = parsePublishInput(event, thingPrefix);
  const nowMs = Date.now();
  const failures = await Promise.all(
    commands.map(async (command) => {
      const document = commandDocument(command.want, commandHeader(run, stage, command, nowMs));
      try {
        await publishShadowUpdate(command.thing, document);
        return [];
      } catch (error) {
        logger.error("A command was not published", { thing: command.thing, error });
        return [
          { device: command.device, reason: error instanceof Error ? error.name : "Unknown" },
        ];
      }
    }),
  );
  return { sentAtMs: Date.now(), notSent: failures.flat() };
});
