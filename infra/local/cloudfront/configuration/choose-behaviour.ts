// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
import type { Behaviour } from "./distribution.ts";

/** The first behaviour whose pattern matches the path; the default one matches every path. */
export const chooseBehaviour = <Chosen extends Behaviour>(
  behaviours: readonly Chosen[],
  uri: string,
): Chosen | undefined => {
  const path = normalized(uri);
  return behaviours.find(({ pathPattern }) => matches(pathPattern, path));
};

/** As CloudFront looks at a path when it chooses: the origin gets it as it was sent. */
const normalized = (uri: string): string => {
  const unreserved = uri.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded;
  });
  const kept: string[] = [];
  const segments = unreserved.split("/").slice(1);
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === "..") kept.pop();
    else if (segment !== "." && (segment !== "" || isLast)) kept.push(segment);
    if (isLast && (segment === "." || segment === "..")) kept.push("");
  }
  return `/${kept.join("/")}`;
};

const matches = (pattern: string, path: string): boolean => {
  if (pattern === "*") return true;
  const source = pattern
    .replace(/^\//, "")
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^/${source}$`, "s").test(path);
};
