import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AssetHashType, DockerImage, aws_lambda as lambda } from "aws-cdk-lib";
import { buildSync } from "esbuild";
import type { FunctionName } from "./grants.ts";

const ROOT = join(import.meta.dirname, "..", "..");

// aws-xray-sdk-core, which the tracer brings, is CommonJS and calls require; an ES module has none of its own.
const REQUIRE = 'import{createRequire as r}from"node:module";const require=r(import.meta.url);';

/**
 * The handler of a function with everything it imports, the AWS SDK too, in one ES module `index.mjs`.
 * esbuild is called in this process: CDK's NodejsFunction starts it through npx, half a second for each function.
 */
export const bundledHandler = (name: FunctionName): lambda.Code =>
  lambda.Code.fromAsset(join(ROOT, "functions", name), {
    // Of the bundle and not of the folder: most of what a function runs comes from functions/domain and node_modules.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type and never pulled: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry("unused"),
      local: {
        tryBundle: (outputDirectory) => {
          const { outputFiles } = buildSync({
            absWorkingDir: ROOT,
            entryPoints: [join("functions", name, "handler.ts")],
            // As if it were written here: the source map then names its sources the same on every machine, and the
            // bundle keeps its hash.
            outfile: "index.mjs",
            write: false,
            bundle: true,
            platform: "node",
            target: "node24",
            format: "esm",
            // The SDK's ES modules: a quarter smaller than its CommonJS, which platform node prefers.
            mainFields: ["module", "main"],
            banner: { js: REQUIRE },
            minify: true,
            keepNames: true,
            sourcemap: true,
            sourcesContent: false,
            logLevel: "error",
          });
          for (const { path, contents } of outputFiles) {
            writeFileSync(join(outputDirectory, basename(path)), contents);
          }
          return true;
        },
      },
    },
  });
