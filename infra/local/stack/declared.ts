import type { StackIdentity } from "../cloudformation/physical-resource.ts";
import { notUnderstood, readTemplate, type Template } from "../cloudformation/read-template.ts";
import {
  type ResolvedResource,
  resolveOutputs,
  resolveTemplate,
} from "../cloudformation/resolve-template.ts";

/** What the synthesized template declares, every name resolved. */
export interface Declared {
  readonly template: Template;
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /** @throws LocalError `TemplateNotUnderstood` when there is none, or more than one */
  theOne(type: string, what: string): ResolvedResource;
  /** @throws LocalError `TemplateNotUnderstood`, naming the output */
  outputs(): ReadonlyMap<string, string>;
}

/**
 * Reads the stack's template out of a cloud assembly.
 * @throws LocalError `TemplateNotUnderstood`, naming what is not known
 */
export const readDeclared = (assembly: string, identity: StackIdentity): Declared => {
  const template = readTemplate(assembly, identity.stackName);
  const resources = resolveTemplate(template, identity);
  const ofType = (type: string): readonly ResolvedResource[] =>
    resources.filter((resource) => resource.type === type);
  return {
    template,
    resources,
    ofType,
    theOne: (type, what) => {
      const [only, ...more] = ofType(type);
      if (only === undefined || more.length > 0) {
        throw notUnderstood(`it has ${ofType(type).length} ${what}s; exactly one is imitated.`);
      }
      return only;
    },
    outputs: () => resolveOutputs(template, identity),
  };
};
