import { isObject } from "#local/wire/json.ts";
import { hasClientSecretMark } from "./client-secret.ts";
import {
  isDeployed,
  type PhysicalResource,
  physicalResource,
  type StackIdentity,
} from "./physical-resource.ts";
import { notUnderstood, type Template, type TemplateResource } from "./read-template.ts";

/** A resource with its names and every intrinsic function resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physical: PhysicalResource;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Resolves a template as CloudFormation would when it deploys it: Ref, Fn::GetAtt, Fn::Join, Fn::Sub, Fn::Select,
 * Fn::Split and the pseudo parameters.
 * @throws LocalError `TemplateNotUnderstood`, naming the resource and what is not known
 */
export const resolveTemplate = (
  template: Template,
  identity: StackIdentity,
): readonly ResolvedResource[] => {
  const resources = template.resources.filter((resource) => isDeployed(resource.type));
  const physical = new Map<string, PhysicalResource>();
  const resolver = new Resolver(identity, resources, physical);
  return resources.map(({ logicalId, type, properties: given }) => {
    const physical = resolver.physicalOf(logicalId, logicalId);
    const properties = resolver.resolve(given, logicalId) as Readonly<Record<string, unknown>>;
    if (type !== "AWS::SecretsManager::Secret") refuseClientSecret(properties, logicalId);
    return { logicalId, type, physical, properties };
  });
};

// Cognito tells it only when it runs, and where else it stands it would be read by more than those who may.
const refuseClientSecret = (value: unknown, where: string): void => {
  if (!hasClientSecretMark(value)) return;
  throw notUnderstood(`${where} uses an app client's ClientSecret, which only a Secret may hold.`);
};

/**
 * The stack's outputs by key, resolved in the same way.
 * @throws LocalError `TemplateNotUnderstood`, naming the output
 */
export const resolveOutputs = (
  template: Template,
  identity: StackIdentity,
): ReadonlyMap<string, string> => {
  const resources = template.resources.filter((resource) => isDeployed(resource.type));
  const resolver = new Resolver(identity, resources, new Map());
  return new Map(
    template.outputs.map(({ key, value }) => {
      const where = `output ${key}`;
      const resolved = text(resolver.resolve(value, where), where);
      refuseClientSecret(resolved, where);
      return [key, resolved];
    }),
  );
};

class Resolver {
  readonly #identity: StackIdentity;
  readonly #resources: readonly TemplateResource[];
  readonly #physical: Map<string, PhysicalResource>;

  constructor(
    identity: StackIdentity,
    resources: readonly TemplateResource[],
    physical: Map<string, PhysicalResource>,
  ) {
    this.#identity = identity;
    this.#resources = resources;
    this.#physical = physical;
  }

  physicalOf(logicalId: string, where: string): PhysicalResource {
    const known = this.#physical.get(logicalId);
    if (known !== undefined) return known;
    const resource = this.#resources.find((one) => one.logicalId === logicalId);
    if (resource === undefined)
      throw notUnderstood(`${where} refers to ${logicalId}, which is not there.`);
    const made = physicalResource(this.#identity, resource.type, logicalId, (property) => {
      const value = this.resolve(resource.properties[property], logicalId);
      return typeof value === "string" ? value : undefined;
    });
    this.#physical.set(logicalId, made);
    return made;
  }

  resolve(value: unknown, where: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, where));
    if (!isObject(value)) return value;
    const [key, ...more] = Object.keys(value);
    if (key !== undefined && more.length === 0 && (key === "Ref" || key.startsWith("Fn::"))) {
      return this.#intrinsic(key, value[key], where);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, this.resolve(member, where)] as const)
        // A property that refers to AWS::NoValue is as good as absent.
        .filter(([, member]) => member !== undefined),
    );
  }

  #intrinsic(name: string, argument: unknown, where: string): unknown {
    switch (name) {
      case "Ref":
        return this.#ref(text(argument, where), where);
      case "Fn::GetAtt":
        return this.#attribute(argument, where);
      case "Fn::Join": {
        const [separator, parts] = list(this.resolve(argument, where), where);
        return list(parts, where)
          .map((part) => text(part, where))
          .join(text(separator, where));
      }
      case "Fn::Split": {
        const [separator, whole] = list(this.resolve(argument, where), where);
        return text(whole, where).split(text(separator, where));
      }
      case "Fn::Select": {
        const [index, parts] = list(this.resolve(argument, where), where);
        const selected = list(parts, where)[Number(index)];
        if (selected === undefined) throw notUnderstood(`${where}: Fn::Select selects nothing.`);
        return selected;
      }
      case "Fn::Sub":
        return this.#substitute(argument, where);
      default:
        throw notUnderstood(`${where} uses ${name}, which is not resolved locally.`);
    }
  }

  #ref(id: string, where: string): string | undefined {
    switch (id) {
      case "AWS::Region":
        return this.#identity.region;
      case "AWS::AccountId":
        return this.#identity.accountId;
      case "AWS::Partition":
        return "aws";
      case "AWS::URLSuffix":
        return "amazonaws.com";
      case "AWS::StackName":
        return this.#identity.stackName;
      case "AWS::StackId":
        return `arn:aws:cloudformation:${this.#identity.region}:${this.#identity.accountId}:stack/${this.#identity.stackName}/local`;
      case "AWS::NoValue":
        return undefined;
      default:
        return this.physicalOf(id, where).ref;
    }
  }

  #attribute(argument: unknown, where: string): string {
    const [id, ...path] =
      typeof argument === "string"
        ? argument.split(".")
        : list(argument, where).map((part) => text(part, where));
    const name = path.join(".");
    const attributes = this.physicalOf(id ?? "", where).attributes;
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (value === undefined)
      throw notUnderstood(`${where} uses ${id}.${name}, which is not known.`);
    return value;
  }

  #substitute(argument: unknown, where: string): string {
    const parts: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    const [pattern, variables] = parts;
    const given = isObject(variables) ? variables : {};
    return text(pattern, where).replace(
      /\$\{([^!}][^}]*)\}|\$\{!([^}]*)\}/g,
      (_, name, literal) => {
        if (typeof literal === "string") return `\${${literal}}`;
        const id = String(name);
        if (Object.hasOwn(given, id)) return text(this.resolve(given[id], where), where);
        return id.includes(".") && !id.startsWith("AWS::")
          ? this.#attribute(id, where)
          : text(this.#ref(id, where), where);
      },
    );
  }
}

const text = (value: unknown, where: string): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw notUnderstood(`${where}: a text was expected, not ${JSON.stringify(value)}.`);
};

const list = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw notUnderstood(`${where}: a list was expected, not ${JSON.stringify(value)}.`);
};
