// What Lambda costs here beyond the handler's own time: a first call, warm calls, and many at once.
import { startTestLambda } from "../local/lambda/test-lambda.ts";

const COLD = 15;
const echo = "export const handler = async (event) => event;";
const house = await startTestLambda({
  echo,
  ...Object.fromEntries(Array.from({ length: COLD }, (_, i) => [`cold-${i}`, echo])),
});

const show = (what: string, times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  console.log(`${what.padEnd(34)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   n ${times.length}`);
};

const timed = async (n: number, work: (i: number) => Promise<unknown>): Promise<number[]> => {
  const times: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const before = performance.now();
    await work(i);
    times.push(performance.now() - before);
  }
  return times;
};

await house.invoke("echo", {});
show("cold, SDK client", await timed(COLD, (i) => house.invoke(`cold-${i}`, {})));
show("warm, SDK client", await timed(500, () => house.invoke("echo", {})));
const request = {
  method: "POST",
  path: "/2015-03-31/functions/echo/invocations",
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from("{}"),
  caller: { arn: "bench" },
};
show(
  "warm, the service alone",
  await timed(500, async () => house.lambda.service.understand(request).carryOut()),
);
show(
  "20 at once, all of them",
  await timed(10, () => Promise.all(Array.from({ length: 20 }, () => house.invoke("echo", {})))),
);
await house.close();
