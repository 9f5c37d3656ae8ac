import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { bad, type Finding, good } from "./finding.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TOOLS = ["aws-cdk", "aws-cdk-lib"] as const;

const versionIn = (file: string, ...path: readonly string[]): string => {
  let value: unknown = parseJsonObject(readFileSync(join(ROOT, file), "utf8"));
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return typeof value === "string" ? value : "none";
};

/** Are the tools those that this version of the project was tested with? */
export const checkVersions = (): Finding => {
  const found = TOOLS.map((tool) => ({
    tool,
    wanted: versionIn("package.json", "devDependencies", tool),
    installed: versionIn(`node_modules/${tool}/package.json`, "version"),
  }));
  const told = found.map(({ tool, installed }) => `${tool} ${installed}`).join(", ");
  const other = found.find(({ wanted, installed }) => wanted !== installed);
  if (other !== undefined) {
    return bad(`${other.tool} is ${other.installed} and should be ${other.wanted}`, "npm ci");
  }
  return good(`Node.js ${process.versions.node}, ${told}`);
};
