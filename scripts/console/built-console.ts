import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildConsole } from "../../infra/console/build.ts";

const folderIn = (assembly: string): string => join(assembly, "console");

/** Builds the console's files into a cloud assembly, beside the template that they belong to. */
export const writeConsole = async (assembly: string): Promise<void> => {
  const folder = folderIn(assembly);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await buildConsole()) writeFileSync(join(folder, name), bytes);
};

/** The console's files in a cloud assembly, by their names. */
export const readConsole = (assembly: string): ReadonlyMap<string, Uint8Array> => {
  const folder = folderIn(assembly);
  return new Map(
    readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
  );
};
