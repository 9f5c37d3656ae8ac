import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import type { SmarthomeScenesProps } from "#aws/smarthome-scenes.ts";
import { synthesize } from "#aws/synthesize.ts";

interface RawTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
}

const TEMPLATE = "SmarthomeScenes.template.json";

/**
 * A cloud assembly whose template lacks something: the bundles of the other journeys under a template that was
 * synthesized with other properties. It is removed when the test has finished.
 */
export const assemblyWithout = (props: SmarthomeScenesProps): string => {
  const assembly = mkdtempSync(join(tmpdir(), "assembly-"));
  onTestFinished(() => rmSync(assembly, { recursive: true, force: true }));
  cpSync(inject("assembly"), assembly, { recursive: true });
  const bundled = parseTemplate(join(assembly, TEMPLATE));
  const without = parseTemplate(
    synthesize(
      join(assembly, "without"),
      { workflowLog: "everything", ...props },
      { bundle: false },
    ),
  );
  for (const [id, resource] of Object.entries(without.Resources)) {
    if (resource.Type === "AWS::Lambda::Function") {
      resource.Properties.Code = bundled.Resources[id]?.Properties.Code;
    }
  }
  writeFileSync(join(assembly, TEMPLATE), JSON.stringify(without));
  return assembly;
};

const parseTemplate = (file: string): RawTemplate =>
  JSON.parse(readFileSync(file, "utf8")) as RawTemplate;
