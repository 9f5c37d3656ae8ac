// The demo home as npm start has it, its simulated devices with it, as a process of its own, for memory.bench.ts:
// node demo-house-main.ts ASSEMBLY DATA.
import { DEMO_HOME_FILE, startHome } from "../../../scripts/start/start-home.ts";

const [assembly = "", data = ""] = process.argv.slice(2);
const home = await startHome({
  assembly: async () => assembly,
  data,
  homeFile: DEMO_HOME_FILE,
  ports: { gateway: 0, cognito: 0, aws: 0, console: 0, mqtt: 0 },
  log: (line) => process.stderr.write(`${line}\n`),
});
const end = (): void => void home.close().finally(() => process.exit(0));
process.on("disconnect", end);
process.send?.({ endpoints: home.endpoints });
