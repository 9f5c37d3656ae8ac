import { Problem } from "./problem.ts";

/** The options by which every command is told which stack it is about: the house's, or one in an AWS account. */
export const REGISTRY_OPTIONS = {
  aws: { type: "boolean", default: false },
  stack: { type: "string" },
  profile: { type: "string" },
  region: { type: "string" },
  "endpoint-url": { type: "string" },
  data: { type: "string", default: ".home" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** What was given of them. */
export interface StackOptions {
  readonly aws: boolean;
  readonly data: string;
  readonly stack?: string | undefined;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly "endpoint-url"?: string | undefined;
}

/** Their lines in a USAGE text. */
export const REGISTRY_USAGE = `  --aws           of the stack in your AWS account and not of the house; with it also:
  --stack NAME    the stack's name (default SmarthomeScenes)
  --profile NAME, --region NAME   other credentials and region than AWS_PROFILE and AWS_REGION say
  --endpoint-url URL  another AWS endpoint than the region's: a house's, to try a command on
  --data DIR      the house's folder (default .home)`;

const OF_AN_ACCOUNT = ["stack", "profile", "region", "endpoint-url"] as const;

/** @throws Problem for an option about an account without --aws */
export const refuseWithoutAws = (options: StackOptions): void => {
  const found = OF_AN_ACCOUNT.find((option) => options[option] !== undefined);
  if (!options.aws && found !== undefined) throw new Problem(`--${found} goes with --aws.`);
};

/** The options that name the same stack for another command, ready to be copied; empty for the house in `.home`. */
export const sameStack = (options: StackOptions): string => {
  const given = [...OF_AN_ACCOUNT, "data" as const].flatMap((option) => {
    const value = options[option];
    const isDefault = value === undefined || value === REGISTRY_OPTIONS.data.default;
    return isDefault ? [] : [` --${option} ${value}`];
  });
  return `${options.aws ? " --aws" : ""}${given.join("")}`;
};
