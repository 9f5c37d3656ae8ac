import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { lambdaContext } from "../../functions/lambda-context.ts";
import { type SealingBench, startSealingBench } from "./sealing-bench.ts";

let bench: SealingBench;
let seal: () => Promise<unknown>;
beforeAll(async () => {
  bench = await startSealingBench();
  for (const [name, value] of Object.entries(bench.environment)) vi.stubEnv(name, value);
  // It reads its environment when it is loaded.
  const { handler } = await import("../../../functions/seal-records/handler.ts");
  seal = () => handler({}, { ...lambdaContext(), getRemainingTimeInMillis: () => 60_000 });
}, 60_000);
afterAll(async () => {
  await bench?.close();
  vi.unstubAllEnvs();
});

// REQ: log-only-grows
test("32 runs and five sealers at once, with the role's own rights: every record once, under a head that KMS signed", async () => {
  const sorts = [
    "RUN",
    ...Array.from({ length: 6 }, (_, at) => `ACK#home-d${at}#0#3#1`),
    "OUTCOME",
  ];
  await Promise.all(
    Array.from({ length: 32 }, (_, run) => run).flatMap((run) =>
      sorts.map((sort) => bench.write("home", run, sort)),
    ),
  );

  await Promise.all(Array.from({ length: 5 }, seal));
  await seal();

  expect(await bench.faultsOf("home")).toEqual([]);
  expect(await bench.sealedIn("home")).toHaveLength(257);
});

// REQ: late-answer
test("what comes late joins the log: after the end, of a run that nobody knows, and twice", async () => {
  await bench.write("home", 1, "ACK#home-d0#0#9#2");
  await bench.write("home", 99, "ACK#home-d0#0#4#1");
  await bench.write("home", 99, "ACK#home-d0#0#4#2");

  await seal();
  await seal();

  expect((await bench.sealedIn("home")).slice(-3).toSorted()).toEqual([
    "HOME#home#RUN#run_1|ACK#home-d0#0#9#2",
    "HOME#home#RUN#run_99|ACK#home-d0#0#4#1",
    "HOME#home#RUN#run_99|ACK#home-d0#0#4#2",
  ]);
  expect(await bench.faultsOf("home")).toEqual([]);
});

// REQ: log-only-grows
test("the sealer's role can put an entry by a transaction alone, and a lease by itself", async () => {
  const put = (PK: string, SK: string) =>
    bench.asRole.send(
      new PutItemCommand({ TableName: bench.logTable, Item: marshall({ PK, SK }) }),
    );

  await expect(put("LOG#home", "ENTRY#000000000000")).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(put("LOG#home", "HEAD")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(put("CTL#home", "TEST")).resolves.toBeDefined();
});
