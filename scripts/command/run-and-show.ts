import { randomUUID } from "node:crypto";
import { exitCodeOf, followRun, runToTheEnd, summaryLines } from "./follow-run.ts";
import { connectToHome, type MachineEndpoints } from "./home-client.ts";

/**
 * Signs in, runs a scene through the gateway, shows it, and gives the command's exit code. `sameStack` is what names the
 * stack to the command that looks closer.
 */
export const runAndShow = async (
  endpoints: MachineEndpoints,
  call: { readonly scene: string } & Readonly<Record<string, unknown>>,
  isJson: boolean,
  sameStack = "",
): Promise<number> => {
  const home = await connectToHome(endpoints);
  const args = { request_id: randomUUID(), ...call };
  try {
    if (isJson) {
      const answer = await runToTheEnd(home, args);
      process.stdout.write(`${JSON.stringify(answer)}\n`);
      return exitCodeOf(answer);
    }
    const result = await followRun(home, args);
    if (typeof result.error === "object" && result.error !== null && "message" in result.error) {
      process.stderr.write(`${String(result.error.message)}\n`);
      return 1;
    }
    for (const line of summaryLines({ home: call.home, ...result }, sameStack))
      process.stdout.write(`${line}\n`);
    return exitCodeOf(result);
  } finally {
    await home.close();
  }
};
