import { expect, test } from "vitest";
import { refusalRecord } from "#domain/audit/refusal-record.ts";

const CALLER = {
  sub: "sub-anna",
  clientId: "client-web",
  username: "anna",
  scopes: ["read"],
} as const;
const REFUSAL = { tool: "run_scene", code: "NotAllowed", at: "2026-01-02T22:15:30.000Z" } as const;

// REQ: refusals-recorded
test("a refusal says who was refused what, and why, in whichever home", async () => {
  expect(await refusalRecord(CALLER, { ...REFUSAL, home: "cabin" })).toEqual({
    PK: "REFUSED#2026-01-02",
    SK: "22:15#0f0ed4ea60221c84",
    v: 1,
    tool: "run_scene",
    code: "NotAllowed",
    home: "cabin",
    caller: CALLER,
    at: "2026-01-02T22:15:30.000Z",
  });
});

test("of the same refusals in a minute the first is kept; another minute, caller, tool or code is another", async () => {
  const keyOf = async (...about: Parameters<typeof refusalRecord>) =>
    (await refusalRecord(...about)).SK;

  const first = await keyOf(CALLER, REFUSAL);

  expect(await keyOf(CALLER, { ...REFUSAL, at: "2026-01-02T22:15:59.999Z" })).toBe(first);
  const others = [
    await keyOf(CALLER, { ...REFUSAL, at: "2026-01-02T22:16:00.000Z" }),
    await keyOf({ ...CALLER, sub: "sub-ben" }, REFUSAL),
    await keyOf(CALLER, { ...REFUSAL, tool: "get_run" }),
    await keyOf(CALLER, { ...REFUSAL, code: "InsufficientScope" }),
    await keyOf(undefined, REFUSAL),
  ];
  expect(new Set([first, ...others]).size).toBe(6);
});
