import { join } from "node:path";
import { buildSync, type Metafile } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..", "..");

const ADAPTERS = join(ROOT, "functions", "adapters");
// In the place of packages that no function of ours is better off with.
const OWN = {
  "@aws-sdk/credential-provider-node": join(ADAPTERS, "credentials", "environment-credentials.ts"),
  "@aws-sdk/endpoint-cache": join(ADAPTERS, "sdk", "no-endpoint-cache.ts"),
};

const ENTRY = "index.mjs";

/** A function's code, as it is deployed. */
export interface Bundle {
  readonly files: readonly { readonly path: string; readonly contents: Uint8Array }[];
  /** Of its modules: what a cold start loads, and all that may be loaded. Source maps are read when an error is shown. */
  readonly bytes: { readonly atStart: number; readonly all: number };
}

/**
 * The handler of a function, a folder of functions/, with everything it imports, the AWS SDK too: `index.mjs`, and beside it what is loaded only
 * when it is asked for.
 */
export const bundle = (name: string): Bundle => {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: { index: join("functions", name, "handler.ts") },
    // As if it were written here: the source map then names its sources the same on every machine, and the bundle keeps
    // its hash.
    outdir: ".",
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // The SDK's ES modules: a quarter smaller than its CommonJS, which platform node prefers.
    mainFields: ["module", "main"],
    alias: OWN,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: "error",
  });
  const modules = Object.keys(metafile.outputs).filter((path) => path.endsWith(".mjs"));
  return {
    files: outputFiles,
    bytes: {
      atStart: bytesOf(metafile, loadedWith(ENTRY, metafile)),
      all: bytesOf(metafile, modules),
    },
  };
};

const bytesOf = ({ outputs }: Metafile, paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);

const loadedWith = (path: string, metafile: Metafile, found = new Set<string>()): Set<string> => {
  if (found.has(path)) return found;
  found.add(path);
  for (const imported of metafile.outputs[path]?.imports ?? []) {
    const isOurs = imported.kind === "import-statement" && imported.external !== true;
    if (isOurs) loadedWith(imported.path, metafile, found);
  }
  return found;
};
