// Lambda in a process of its own, to be killed: starts one busy and one idle environment, prints their pids and stays.
import { startTestLambda } from "./test-lambda.ts";

const house = await startTestLambda({
  idle: "export const handler = async () => process.pid;",
  looping: {
    code: `import { writeFileSync } from "node:fs"; import { spawn } from "node:child_process";
      export const handler = async ({ file }) => {
        const { pid } = spawn("sleep", ["60"]);
        writeFileSync(file, JSON.stringify([process.pid, pid]));
        for (;;);
      };`,
    timeoutSeconds: 900,
  },
});
const [file = ""] = process.argv.slice(2);
const { payload } = await house.invoke("idle");
house.invoke("looping", { file }).catch(() => {});
process.stdout.write(`${JSON.stringify({ idle: payload, directory: house.directory })}\n`);
