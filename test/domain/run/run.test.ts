import { expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { isRunId, runIdFor } from "#domain/run/run.ts";

const HOME = parseHomeId("home");

// printf '["request","home","alice","9f1c2a"]' | sha256sum, its first 100 bits in Crockford's alphabet.
test("the same request of the same caller is the same run, whatever chance says", async () => {
  expect(await runIdFor(HOME, { sub: "alice" }, "9f1c2a", "r1")).toBe("run_qrs2st1jmewxfca7pnt0");
  expect(await runIdFor(HOME, { sub: "alice" }, "9f1c2a", "r2")).toBe("run_qrs2st1jmewxfca7pnt0");
});

test("another caller's request of the same id is another run", async () => {
  expect(await runIdFor(HOME, { sub: "bob" }, "9f1c2a", "r1")).toBe("run_cr1qkse1j5mck5a89pvp");
});

test("the same request in another home is another run", async () => {
  const cabin = parseHomeId("cabin");

  expect(await runIdFor(cabin, { sub: "alice" }, "9f1c2a", "r1")).not.toBe(
    await runIdFor(HOME, { sub: "alice" }, "9f1c2a", "r1"),
  );
});

test("a request without an id is a run of its own", async () => {
  expect(await runIdFor(HOME, { sub: "alice" }, undefined, "r1")).toBe("run_6tyjqkxydqvzhwnxs66f");
  expect(await runIdFor(HOME, { sub: "alice" }, undefined, "r2")).not.toBe(
    "run_6tyjqkxydqvzhwnxs66f",
  );
});

test("callers and request ids cannot be put together to another's", async () => {
  const one = await runIdFor(HOME, { sub: 'a","b' }, "c", "r");
  const other = await runIdFor(HOME, { sub: "a" }, 'b","c', "r");

  expect(one).not.toBe(other);
});

test("a request id cannot name a run of chance", async () => {
  const guessed = await runIdFor(HOME, { sub: "random" }, "r1", "x");

  expect(guessed).not.toBe("run_6tyjqkxydqvzhwnxs66f");
});

test.each([
  ["run_0123456789abcdefghjk", true],
  ["run_qepf2jk21an1z7zywtwc", true],
  ["run_0123456789abcdefghj", false],
  ["run_0123456789abcdefghjkm", false],
  ["run_0123456789abcdefghil", false],
  ["run_0123456789ABCDEFGHJK", false],
  ["run_0123456789abcdefghjk\n", false],
  [" run_0123456789abcdefghjk", false],
  ["0123456789abcdefghjk", false],
  ["", false],
])("%j as a run id: %s", (text, accepted) => {
  expect(isRunId(text)).toBe(accepted);
});
