import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import { thingPrefixOfStage } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { commandDocument, commandHeader } from "#domain/run/command.ts";
import { type PublishOutput, parsePublishInput } from "#domain/run/workflow.ts";

const thingPrefix = thingPrefixOfStage();

/**
 * Publishes a batch of commands, all at once; again with the id and the expiry of the first time. A device whose command did not go out is data, not
 * an error.
 */
export const handler = observed(async (event): Promise<PublishOutput> => {
  const { run, stage, commands, beganAtMs } = parsePublishInput(event, thingPrefix);
  const nowMs = Date.now();
  const failures = await Promise.all(
    commands.map(async (command) => {
      const header = commandHeader(run, stage, command, beganAtMs ?? nowMs);
      if (nowMs >= header.expiresAt * 1000) return [{ device: command.device, reason: "Expired" }];
      const document = commandDocument(command.want, header);
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
  return { beganAtMs: nowMs, sentAtMs: Date.now(), notSent: failures.flat() };
});
