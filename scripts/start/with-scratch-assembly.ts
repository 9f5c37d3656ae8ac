import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTemplate } from "./build-template.ts";

/** What is made of an assembly in a folder of its own, which is gone afterwards. */
export const withScratchAssembly = async <Made>(
  make: (assembly: string) => Promise<Made>,
): Promise<Made> => {
  const scratch = mkdtempSync(join(tmpdir(), "assembly-"));
  try {
    return await make(await buildTemplate(join(scratch, "cdk.out")));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
