/** The options by which a command is told which stack it is about: the house's, or the account's. */
export const REGISTRY_OPTIONS = {
  aws: { type: "boolean", default: false },
  "endpoint-url": { type: "string" },
  data: { type: "string", default: ".home" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Their lines in a USAGE text. */
export const REGISTRY_USAGE = `  --aws           of the stack in your AWS account (AWS_PROFILE, AWS_REGION) and not of the house
  --endpoint-url URL  with --aws, another AWS endpoint than the region's
  --data DIR      the house's folder (default .home)`;
