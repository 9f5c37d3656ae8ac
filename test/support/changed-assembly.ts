import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

interface RawTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
}

const TEMPLATE = "SmarthomeScenes.template.json";

/** The assembly of the other journeys, changed: other code for a function, other words in the template. */
export const changedAssembly = (change: {
  /** ES modules by the beginning of a function's logical id; each finds the function's own code in ./real.mjs. */
  readonly code?: Readonly<Record<string, string>>;
  readonly template?: (text: string) => string;
}): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), "assembly-"));
  cpSync(inject("assembly"), path, { recursive: true });
  const text = readFileSync(join(path, TEMPLATE), "utf8");
  const { Resources } = JSON.parse(text) as RawTemplate;
  for (const [beginning, module] of Object.entries(change.code ?? {})) {
    const [, resource] =
      Object.entries(Resources).find(
        ([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(beginning),
      ) ?? [];
    const { S3Key } = (resource?.Properties.Code ?? {}) as { readonly S3Key?: string };
    if (S3Key === undefined) throw new Error(`the template has no function ${beginning}`);
    const asset = join(path, `asset.${S3Key.replace(/\.zip$/, "")}`);
    renameSync(join(asset, "index.mjs"), join(asset, "real.mjs"));
    writeFileSync(join(asset, "index.mjs"), module);
  }
  if (change.template !== undefined) writeFileSync(join(path, TEMPLATE), change.template(text));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
