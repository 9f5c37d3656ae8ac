import { StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { startTestAws } from "./support.ts";

// Whoever stops waiting stops nothing: the function home ends its call when its own caller waits no longer.
// REQ: answers-in-time
test("an execution whose caller has gone runs to its end", async () => {
  const called = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const aws = await startTestAws({
    realTime: true,
    functions: {
      first: async () => {
        called.resolve();
        await goOn.promise;
        return {};
      },
      second: () => {
        ended.resolve();
        return {};
      },
    },
  });
  const task = (name: string) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: name },
  });
  const stateMachineArn = await aws.create(
    {
      QueryLanguage: "JSONata",
      StartAt: "First",
      States: {
        First: { ...task("first"), Next: "Second" },
        Second: { ...task("second"), End: true },
      },
    },
    "EXPRESS",
  );
  const caller = new AbortController();
  const waiting = aws.client.send(new StartSyncExecutionCommand({ stateMachineArn }), {
    abortSignal: caller.signal,
  });
  await called.promise;

  caller.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  goOn.resolve();

  await expect(ended.promise).resolves.toBeUndefined();
});
