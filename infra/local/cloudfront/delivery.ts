// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-specify.html
import { LocalError } from "#local/wire/local-error.ts";
import { type Behaviour, parseDistribution } from "./configuration/distribution.ts";
import { checkOriginAccessControl } from "./configuration/origin-access-control.ts";
import { type PolicyHeader, parseResponseHeaders } from "./configuration/response-headers.ts";
import { parseFunction, type ViewerFunction } from "./configuration/viewer-function.ts";
import { type BucketPolicies, readBucketPolicies } from "./origins/bucket-policies.ts";

/** A resource of the template that a distribution names, by what it is named by. */
export interface Named {
  readonly name: string;
  readonly properties: unknown;
}

/** A distribution and everything it names, as the template has them. */
export interface DistributionResources {
  readonly accountId: string;
  readonly distribution: {
    readonly id: string;
    readonly domainName: string;
    readonly properties: unknown;
  };
  /** By ARN. */
  readonly functions: readonly Named[];
  /** By id. */
  readonly responseHeadersPolicies: readonly Named[];
  /** By id. */
  readonly originAccessControls: readonly Named[];
  /** By logical id. */
  readonly bucketPolicies: readonly Named[];
}

/** A behaviour with what it names. */
export interface DeliveredBehaviour extends Behaviour {
  readonly viewerRequest?: ViewerFunction;
  readonly responseHeaders: readonly PolicyHeader[];
}

/** A distribution, understood. */
export interface Delivery {
  readonly id: string;
  readonly domainName: string;
  readonly behaviours: readonly DeliveredBehaviour[];
  readonly bucketPolicies: BucketPolicies;
}

/**
 * Reads a distribution and what it names.
 * @throws LocalError `TemplateNotUnderstood`
 */
export const readDelivery = (resources: DistributionResources): Delivery => {
  const { distribution, accountId } = resources;
  const { id, domainName } = distribution;
  const behaviours = parseDistribution(id, distribution.properties).map((behaviour) => {
    const { origin, viewerRequestFunctionArn: arn, responseHeadersPolicyId: policy } = behaviour;
    if (origin.kind === "s3") {
      const { originAccessControlId: control } = origin;
      checkOriginAccessControl(control, named(resources.originAccessControls, control));
    }
    return {
      ...behaviour,
      ...(arn === undefined
        ? {}
        : { viewerRequest: parseFunction(arn, named(resources.functions, arn)) }),
      responseHeaders:
        policy === undefined
          ? []
          : parseResponseHeaders(policy, named(resources.responseHeadersPolicies, policy)),
    };
  });
  return {
    id,
    domainName,
    behaviours,
    bucketPolicies: readBucketPolicies(resources.bucketPolicies, {
      arn: `arn:aws:cloudfront::${accountId}:distribution/${id}`,
      accountId,
    }),
  };
};

const named = (resources: readonly Named[], name: string): unknown => {
  const found = resources.find((one) => one.name === name);
  if (found !== undefined) return found.properties;
  throw new LocalError(
    "TemplateNotUnderstood",
    `The distribution names ${name}, which is not in the template.`,
  );
};
