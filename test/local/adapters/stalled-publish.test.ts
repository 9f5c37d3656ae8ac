import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HALL_LAMP, RUN } from "../../domain/goodnight.ts";
import { lambdaContext } from "../../functions/lambda-context.ts";

// AWS IoT, which takes every message but those of one thing, for which it keeps silent.
const iot = createServer((request, response) => {
  if (request.url?.includes("home-lamp_7") === true) return;
  response.setHeader("content-type", "application/json").end('{"message":"OK"}');
  response.once("finish", () => {
    answered += 1;
    // The function's time is over soon after the others have their answers, however long those took.
    if (answered === 49) setTimeout(() => timeIsOver.abort(), 500);
  });
});
let answered = 0;
const timeIsOver = new AbortController();

let publishCommands: typeof import("../../../functions/publish-commands/handler.ts");

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    iot.listen(0, "127.0.0.1", resolve);
  });
  const address = iot.address();
  const port = typeof address === "object" ? address?.port : undefined;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    AUDIT_TABLE_NAME: "audit",
    THING_PREFIX: "",
    POWERTOOLS_LOG_LEVEL: "SILENT",
  })) {
    vi.stubEnv(name, value);
  }
  publishCommands = await import("../../../functions/publish-commands/handler.ts");
});
afterAll(() => {
  vi.unstubAllEnvs();
  iot.closeAllConnections();
  iot.close();
});

// REQ: time-budget
test("of fifty commands, one of which stalls, forty-nine are sent, and the stage says so in time", async () => {
  const commands = Array.from({ length: 50 }, (_, at) => ({
    ...HALL_LAMP,
    device: `lamp_${at}`,
    thing: `home-lamp_${at}`,
  }));
  vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(timeIsOver.signal);

  const output = await publishCommands.handler(
    {
      home: "home",
      run: RUN,
      requestedAt: "2026-11-23T22:00:00.000Z",
      rules: {},
      stage: 0,
      commands,
    },
    lambdaContext(),
  );

  expect(output.notSent).toEqual([{ device: "lamp_7", reason: "UNANSWERED" }]);
});
