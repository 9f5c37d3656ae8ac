import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseHomeId } from "#domain/home/home-id.ts";
import { thingOf } from "#domain/home/home-place.ts";
import { print } from "./command/print.ts";
import { runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { registryOf } from "./devices/registry.ts";
import { createRedactor } from "./doctor/redactor.ts";
import { NOTHING_TO_CHECK } from "./verify-deployment/check.ts";
import { LAMP } from "./verify-deployment/check-home.ts";
import { answered } from "./verify-deployment/questions.ts";
import { checkLines, closingLines, type Report } from "./verify-deployment/report.ts";
import { verify } from "./verify-deployment/verify.ts";
import type { Visit } from "./verify-deployment/visit.ts";

const USAGE = `npm run verify-deployment [-- options]

  Tries a stack from its outputs and nothing else, from the sign-in to the last will of a lamp: makes a home, a thing
  with its certificate and a scene of its own, runs it, and takes all of that away again. Prints of each question that
  only an account can answer whether it is settled.

${REGISTRY_USAGE}
  --root-ca FILE  the certificate by which a house's devices know it, with --endpoint-url (DIR/root-ca.pem)
  --cut-off-run   leave a run cut off, too, and wait for the sweeper to end it: up to two and a half minutes more
  --report FILE   write what was found, for a machine, into this file
  --json          print the same instead of lines

  Exit code: 0 all that can be checked holds, 1 something does not, 2 the command could not be carried out.`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      ...REGISTRY_OPTIONS,
      "root-ca": { type: "string" },
      "cut-off-run": { type: "boolean", default: false },
      report: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const registry = await registryOf(values);
  const folder = mkdtempSync(join(tmpdir(), "verify-deployment-"));
  try {
    const signIn = await registry.signIn(["machine", "claudeWeb"]);
    const redactor = createRedactor();
    for (const { clientSecret = "" } of Object.values(signIn.cognito.clients)) {
      redactor.hide(clientSecret);
    }
    const say = (line: string): void => {
      if (!values.json) print(redactor.redact(line));
    };
    const home = parseHomeId(`verify_${randomBytes(5).toString("hex")}`);
    const visit: Visit = {
      registry,
      signIn,
      redactor,
      home,
      thing: thingOf({ home, thingPrefix: registry.thingPrefix }, LAMP),
      folder: join(folder, "lamp"),
      waitsForSweeper: values["cut-off-run"],
      hasHome: false,
      ...(values["root-ca"] === undefined ? {} : { rootCertificateFile: values["root-ca"] }),
    };
    say(`${registry.stackName} is tried at ${signIn.gateway.url}`);
    const checks = await verify(visit, (done) => {
      for (const line of checkLines(done)) say(line);
    });
    const report: Report = {
      v: 1,
      stack: registry.stackName,
      against: values.aws && values["endpoint-url"] === undefined ? "AWS" : "an imitation",
      at: new Date().toISOString(),
      gateway: signIn.gateway.url,
      checks,
      questions: answered(checks),
      ok: checks.every(({ state, code }) => state === "holds" || code === NOTHING_TO_CHECK),
    };
    const text = redactor.redact(JSON.stringify(report, undefined, 2));
    if (values.report !== undefined) writeFileSync(values.report, `${text}\n`);
    if (values.json) print(text);
    for (const line of closingLines(report)) say(line);
    return report.ok ? 0 : 1;
  } finally {
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
