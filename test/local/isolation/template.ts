import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { synthesize } from "#aws/synthesize.ts";
import { readTemplate } from "#local/cloudformation/read-template.ts";
import { type ResolvedResource, resolveTemplate } from "#local/cloudformation/resolve-template.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";

const STACK = "SmarthomeScenes";

/** Everything that the template of the default stage declares, as it is deployed here. */
export const declaredResources = (): readonly ResolvedResource[] => {
  const scratch = mkdtempSync(join(tmpdir(), "template-"));
  try {
    const template = synthesize(scratch, {}, { bundle: false, validate: false });
    return resolveTemplate(readTemplate(dirname(template), STACK), {
      region: REGION,
      accountId: ACCOUNT,
      stackName: STACK,
      masterSecret: "test",
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
