import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildTemplate } from "../../scripts/start/build-template.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The cloud assembly of the stack, bundles included; made once for all journeys. */
    readonly assembly: string;
  }
}

/** Vitest's global set-up of the project `journeys`: synthesizes the stack once. */
export default async function setup(project: TestProject): Promise<() => void> {
  const directory = mkdtempSync(join(tmpdir(), "assembly-"));
  await buildTemplate(directory);
  project.provide("assembly", directory);
  return () => rmSync(directory, { recursive: true, force: true });
}
