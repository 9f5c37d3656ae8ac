import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, stop } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGE = join("infra", "console", "page");

// esbuild stays as a process of 60 MB for whoever builds again, which a house does not.
let building = 0;
const buildAndStop: typeof build = async (options) => {
  building += 1;
  try {
    return await build(options);
  } finally {
    building -= 1;
    if (building === 0) await stop();
  }
};

/**
 * The console's files by their names: index.html, which must not be cached, and what it loads, whose names change with
 * their content. config.json, which says where the gateway and the sign-in are, is written by whoever serves them.
 */
export const buildConsole = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
  const { outputFiles, metafile } = await buildAndStop({
    absWorkingDir: ROOT,
    entryPoints: [join(PAGE, "main.tsx"), join(PAGE, "style", "console.css")],
    outdir: "console",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    write: false,
    bundle: true,
    // The MCP client is asked for when somebody has signed in: the first paint does not wait for it.
    splitting: true,
    format: "esm",
    platform: "browser",
    target: ["chrome120", "firefox121", "safari17.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "error",
  });
  const built = new Map<string, Uint8Array>();
  const names: Record<"main.tsx" | "console.css", string> = { "main.tsx": "", "console.css": "" };
  for (const { path, contents } of outputFiles) {
    const name = path.slice(path.lastIndexOf("/console/") + "/console/".length);
    built.set(name, contents);
  }
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    const name = path.replace(/^console\//, "");
    if (entryPoint?.endsWith("main.tsx")) names["main.tsx"] = name;
    if (entryPoint?.endsWith("console.css")) names["console.css"] = name;
  }
  const icon = await readFile(join(ROOT, PAGE, "icon.svg"));
  const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  const page = await readFile(join(ROOT, PAGE, "index.html"), "utf8");
  const index = page
    .replaceAll("main.tsx", names["main.tsx"])
    .replaceAll("style/console.css", names["console.css"])
    .replaceAll("icon.svg", iconName);
  return new Map([
    ["index.html", new TextEncoder().encode(index)],
    [iconName, new Uint8Array(icon)],
    ...built,
  ]);
};
