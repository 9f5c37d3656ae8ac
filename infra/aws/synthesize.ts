import { join } from "node:path";
import { App, AssetStaging } from "aws-cdk-lib";
import cdk from "../../cdk.json" with { type: "json" };
import { SmarthomeScenes, type SmarthomeScenesProps } from "./smarthome-scenes.ts";

export interface SynthesizeOptions {
  /** Without bundles the template is the same but for the keys of the functions' code, and there is no code. */
  readonly bundle?: boolean;
  /** CloudFormation's own schema check of the template, about a second; by default it is done, and fails on errors. */
  readonly validate?: boolean;
}

/**
 * Writes the cloud assembly into a directory: no network, no credentials, nothing looked up.
 * @returns the path of the stack's template.
 */
export const synthesize = (
  outputDirectory: string,
  props: SmarthomeScenesProps = {},
  { bundle = true, validate = true }: SynthesizeOptions = {},
): string => {
  // CDK remembers what it has bundled even when the directory that held it is gone.
  AssetStaging.clearAssetHashCache();
  const app = new App({
    outdir: outputDirectory,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: validate,
    // The same feature flags, whether the cdk command runs this or nobody does.
    context: { ...cdk.context, ...(bundle ? {} : { "aws:cdk:bundling-stacks": [] }) },
  });
  const { templateFile } = new SmarthomeScenes(app, props);
  return join(app.synth().directory, templateFile);
};
