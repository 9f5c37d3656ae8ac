import { expect, test } from "vitest";
import { foundLocally } from "#local/stack/found-locally.ts";

test("a queue's own URL leads to this machine, since an SDK sends to it whatever its endpoint is", () => {
  const operator = { accessKeyId: "a", secretAccessKey: "b" };
  const url = "http://localhost:4602";
  const ground = {
    identity: {
      region: "us-east-1",
      accountId: "000000000000",
      stackName: "Stack",
      masterSecret: "secret",
    },
    endpoint: {
      url,
      register: () => undefined,
      operator: { endpoint: url, region: "us-east-1", credentials: operator },
      roleOf: () => () => ({ endpoint: url, region: "us-east-1", credentials: operator }),
      close: () => Promise.resolve(),
    },
  };

  const found = foundLocally(
    '["https://sqs.us-east-1.amazonaws.com/000000000000/letters","https://example.com/"]',
    ground,
  );

  expect(found).toBe('["http://localhost:4602/000000000000/letters","https://example.com/"]');
});
