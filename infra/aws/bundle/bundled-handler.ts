import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AssetHashType, DockerImage, aws_lambda as lambda } from "aws-cdk-lib";
import { bundle } from "./bundle.ts";

const FUNCTIONS = join(import.meta.dirname, "..", "..", "..", "functions");

/**
 * The bundle of a function, a folder of functions/, as code of the stack.
 * esbuild is called in this process: CDK's NodejsFunction starts it through npx, half a second for each function.
 */
export const bundledHandler = (name: string): lambda.Code =>
  lambda.Code.fromAsset(join(FUNCTIONS, name), {
    // Of the bundle and not of the folder: most of what a function runs comes from functions/domain and node_modules.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type and never pulled: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry("unused"),
      local: {
        tryBundle: (outputDirectory) => {
          for (const { path, contents } of bundle(name).files) {
            writeFileSync(join(outputDirectory, basename(path)), contents);
          }
          return true;
        },
      },
    },
  });
