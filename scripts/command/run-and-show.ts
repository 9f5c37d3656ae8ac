import { randomUUID } from "node:crypto";
import type { Endpoints } from "./endpoints.ts";
import { exitCodeOf, followRun, summaryLines } from "./follow-run.ts";
import { connectToHome } from "./home-client.ts";

/** Signs in, runs a scene through the gateway, shows it, and gives the command's exit code. */
export const runAndShow = async (
  endpoints: Endpoints,
  call: { readonly scene: string } & Readonly<Record<string, unknown>>,
  isJson: boolean,
): Promise<number> => {
  const home = await connectToHome(endpoints);
  const args = { request_id: randomUUID(), ...call };
  try {
    if (isJson) {
      const answer = await home.callTool("run_scene", args);
      process.stdout.write(`${JSON.stringify(answer)}\n`);
      return exitCodeOf(answer);
    }
    const result = await followRun(home, args);
    if (typeof result.error === "object" && result.error !== null && "message" in result.error) {
      process.stderr.write(`${String(result.error.message)}\n`);
      return 1;
    }
    for (const line of summaryLines(result)) process.stdout.write(`${line}\n`);
    return exitCodeOf(result);
  } finally {
    await home.close();
  }
};
