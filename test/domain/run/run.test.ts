import { expect, test } from "vitest";
import { isRunId, runIdFor } from "#domain/run/run.ts";

// printf '["request","alice","9f1c2a"]' | sha256sum, its first 100 bits in Crockford's alphabet.
test("the same request of the same caller is the same run, whatever chance says", async () => {
  expect(await runIdFor({ sub: "alice" }, "9f1c2a", "r1")).toBe("run_qepf2jk21an1z7zywtwc");
  expect(await runIdFor({ sub: "alice" }, "9f1c2a", "r2")).toBe("run_qepf2jk21an1z7zywtwc");
});

test("another caller's request of the same id is another run", async () => {
  expect(await runIdFor({ sub: "bob" }, "9f1c2a", "r1")).toBe("run_09bm4cnxfy8y3jd61bk0");
});

test("a request without an id is a run of its own", async () => {
  expect(await runIdFor({ sub: "alice" }, undefined, "r1")).toBe("run_6tyjqkxydqvzhwnxs66f");
  expect(await runIdFor({ sub: "alice" }, undefined, "r2")).not.toBe("run_6tyjqkxydqvzhwnxs66f");
});

test("callers and request ids cannot be put together to another's", async () => {
  const one = await runIdFor({ sub: 'a","b' }, "c", "r");
  const other = await runIdFor({ sub: "a" }, 'b","c', "r");

  expect(one).not.toBe(other);
});

test("a request id cannot name a run of chance", async () => {
  const guessed = await runIdFor({ sub: "random" }, "r1", "x");

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
