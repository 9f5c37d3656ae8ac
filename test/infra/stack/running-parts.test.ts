import { describe, expect, test } from "vitest";
import { runningParts } from "../../../infra/local/stack/running-parts.ts";

const partOf = (closed: string[], name: string) => ({
  close: async () => {
    closed.push(name);
  },
});

describe("what runs in a stack", () => {
  test("what was started last is stopped first, once", async () => {
    const closed: string[] = [];
    const running = runningParts();
    running.keep(partOf(closed, "tables"));
    running.keep(partOf(closed, "gateway"));

    await running.close();
    await running.close();

    expect(closed).toEqual(["gateway", "tables"]);
  });

  test("a part that starts while a start fails is stopped when it is there", async () => {
    const closed: string[] = [];
    const running = runningParts();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof partOf>>();
    void running.keepStarting(promise);

    const stopped = running.close();
    resolve(partOf(closed, "user pool"));
    await stopped;

    expect(closed).toEqual(["user pool"]);
  });

  test("a part that could not start tells whoever waits for it, and stops nothing else from being stopped", async () => {
    const closed: string[] = [];
    const running = runningParts();
    running.keep(partOf(closed, "tables"));
    const starting = running.keepStarting(Promise.reject(new Error("the port is taken")));

    await expect(starting).rejects.toThrow("the port is taken");
    await running.close();

    expect(closed).toEqual(["tables"]);
  });
});
