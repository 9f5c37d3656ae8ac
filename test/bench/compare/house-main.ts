// A house as a process of its own, for compare.bench.ts: node house-main.ts CHECKOUT ASSEMBLY DATA HOME-FILE. Its own simulated
// devices go at once: the benchmark has its own, with a latency that it chooses.
import { openCheckout } from "./checkout.ts";

const [root = "", assembly = "", data = "", homeFile = ""] = process.argv.slice(2);
const home = await openCheckout(root).startHome({
  assembly: async () => assembly,
  data,
  homeFile,
  ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
  log: (line) => process.stderr.write(`${line}\n`),
});
await home.house.close();
const end = (): void => void home.close().finally(() => process.exit(0));
process.on("disconnect", end);
process.send?.({ endpoints: home.endpoints });
