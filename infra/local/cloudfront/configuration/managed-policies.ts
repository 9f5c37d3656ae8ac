// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
import { LocalError } from "#local/wire/local-error.ts";

/** What a managed policy for caches says. */
export interface CachePolicy {
  readonly name: string;
  readonly caches: boolean;
}

/** What of a viewer's request a managed policy for origins lets through. */
export interface OriginRequestPolicy {
  readonly name: string;
  /** Every header of the viewer, cookies and query strings too; the Host only where it says so. */
  readonly forwardsHost: boolean;
}

const CACHE_POLICIES: ReadonlyMap<string, CachePolicy> = new Map([
  ["658327ea-f89d-4fab-a63d-7e88639e58f6", { name: "CachingOptimized", caches: true }],
  ["4135ea2d-6df8-44a3-9df3-4b5a84be39ad", { name: "CachingDisabled", caches: false }],
]);

const ORIGIN_REQUEST_POLICIES: ReadonlyMap<string, OriginRequestPolicy> = new Map([
  ["216adef6-5c7f-47e4-b989-5492eafa07d3", { name: "AllViewer", forwardsHost: true }],
  [
    "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    { name: "AllViewerExceptHostHeader", forwardsHost: false },
  ],
]);

/** @throws LocalError `TemplateNotUnderstood` for a policy that is not imitated */
export const cachePolicy = (id: string, where: string): CachePolicy =>
  find(CACHE_POLICIES, id, `${where}: CachePolicyId`);

/** @throws LocalError `TemplateNotUnderstood` for a policy that is not imitated */
export const originRequestPolicy = (id: string, where: string): OriginRequestPolicy =>
  find(ORIGIN_REQUEST_POLICIES, id, `${where}: OriginRequestPolicyId`);

const find = <Policy extends { readonly name: string }>(
  policies: ReadonlyMap<string, Policy>,
  id: string,
  where: string,
): Policy => {
  const policy = policies.get(id);
  if (policy !== undefined) return policy;
  const known = [...policies.values()].map(({ name }) => name).join(", ");
  throw new LocalError(
    "TemplateNotUnderstood",
    `${where}: the policy ${id} is not imitated; known: ${known}`,
  );
};
