import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Registry } from "../devices/registry.ts";

/** What a deployed stack's state machine logged since then. */
export const linesOfStack = async (
  { clientOptions, output }: Pick<Registry, "clientOptions" | "output">,
  sinceMs: number,
): Promise<readonly string[]> => {
  const client = new CloudWatchLogsClient(clientOptions);
  const lines: string[] = [];
  try {
    const pages = paginateFilterLogEvents(
      { client },
      { logGroupName: output("RunSceneLogGroupName"), startTime: sinceMs },
    );
    for await (const { events = [] } of pages) {
      lines.push(...events.map(({ message = "" }) => message));
    }
    return lines;
  } finally {
    client.destroy();
  }
};
