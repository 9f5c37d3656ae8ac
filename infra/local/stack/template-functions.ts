import { join } from "node:path";
import { isObject } from "#local/wire/json.ts";
import { notUnderstood, type Template } from "../cloudformation/read-template.ts";
import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import type { FunctionDescription } from "../lambda/function-description.ts";

/** The template's functions. @throws LocalError `TemplateNotUnderstood` for a runtime other than Node.js */
export const templateFunctions = (
  template: Template,
  resources: readonly ResolvedResource[],
): readonly FunctionDescription[] =>
  resources
    .filter((resource) => resource.type === "AWS::Lambda::Function")
    .map(({ logicalId, physical, properties }) => {
      const { Code: code, Role: roleArn, Handler: handler, Runtime: runtime } = properties;
      const key = isObject(code) && typeof code.S3Key === "string" ? code.S3Key : undefined;
      if (key === undefined || typeof roleArn !== "string" || typeof handler !== "string") {
        throw notUnderstood(`${logicalId} is not a function with a bundle, a role and a handler.`);
      }
      if (typeof runtime !== "string" || !runtime.startsWith("nodejs")) {
        throw notUnderstood(`${logicalId} runs on ${String(runtime)}; only Node.js is imitated.`);
      }
      const logging = isObject(properties.LoggingConfig) ? properties.LoggingConfig : {};
      const { ReservedConcurrentExecutions: reserved } = properties;
      const codeDirectory = template.assetDirectory(key.replace(/\.zip$/, ""));
      return {
        name: physical.ref,
        arn: physical.attributes.Arn ?? "",
        roleArn,
        codeDirectory,
        // It goes with the bundles of which it is made.
        compileCacheDirectory: join(codeDirectory, "..", ".compile-cache"),
        handler,
        // The defaults of the Lambda API.
        timeoutSeconds: typeof properties.Timeout === "number" ? properties.Timeout : 3,
        memorySizeMb: typeof properties.MemorySize === "number" ? properties.MemorySize : 128,
        environment: variables(properties.Environment, logicalId),
        ...(typeof logging.LogGroup === "string" ? { logGroupName: logging.LogGroup } : {}),
        ...(typeof reserved === "number" ? { reservedConcurrency: reserved } : {}),
      };
    });

const variables = (environment: unknown, where: string): Readonly<Record<string, string>> => {
  const given =
    isObject(environment) && isObject(environment.Variables) ? environment.Variables : {};
  const wrong = Object.entries(given).find(([, value]) => typeof value !== "string");
  if (wrong !== undefined) {
    throw notUnderstood(`${where}: the variable ${wrong[0]} is not a text.`);
  }
  return given as Readonly<Record<string, string>>;
};
