// Loaded before every command (package.json): what Node makes of our TypeScript is kept beside the packages, so that only the
// first start strips types and compiles. A cache that cannot be written is none.
// https://nodejs.org/api/module.html#module-compile-cache
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "..", "..", "node_modules", ".cache", "node"));
