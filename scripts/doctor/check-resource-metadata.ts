import { unreachable } from "./check-connection.ts";
import type { Check, Finding, Walk } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";
import { parseResourceMetadata } from "./what-was-learned.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** The metadata that the challenge names, else in both well-known places; it names a sign-in server. (RFC 9728) */
export const checkResourceMetadata: Check = async (walk) => {
  if (walk.first === undefined) return [];
  const found: Finding[] = [];
  const named = walk.challenge?.resourceMetadata;
  if (named !== undefined && isAbsolute(named)) {
    const exchange = await read(walk, named);
    if (walk.resource === undefined) found.push(unreadable(named, exchange));
  }
  let last: Exchange | undefined;
  for (const address of wellKnown(walk.url)) {
    if (walk.resource !== undefined) break;
    if (address !== named) last = await read(walk, address);
  }
  const { resource } = walk;
  if (resource === undefined) {
    const [withPath = "", root = withPath] = wellKnown(walk.url);
    const isOpen = (walk.first.response?.status ?? 500) < 300;
    return [
      ...found,
      {
        code: "ResourceMetadataMissing",
        // A server without sign-in needs none.
        status: isOpen ? "warning" : "failure",
        summary: "There is no protected-resource metadata, so nobody learns where to sign in.",
        fix: `Serve it (RFC 9728) at ${root}, or at ${withPath}: {"resource":"${walk.url}","authorization_servers":["…"],"scopes_supported":["…"]}`,
        ...(last === undefined ? {} : { exchange: last }),
      },
    ];
  }
  if (resource.authorizationServers.length === 0) {
    found.push({
      code: "NoAuthorizationServer",
      status: "failure",
      summary: "The metadata names no authorization server.",
      fix: `Put the issuer of the sign-in server into authorization_servers of ${resource.url}.`,
    });
  }
  return found.length > 0
    ? found
    : [
        {
          code: "ResourceMetadataFound",
          status: "ok",
          summary: `The metadata is there; people sign in at ${resource.authorizationServers[0]}.`,
        },
      ];
};

/** The metadata is for exactly the address that was typed: Claude compares them letter by letter. */
export const checkResource: Check = async ({ resource, url }) => {
  if (resource === undefined) return [];
  if (resource.resource !== undefined && isSame(resource.resource, url)) {
    return [{ code: "ResourceMatches", status: "ok", summary: `resource is ${url}, as typed.` }];
  }
  return [
    {
      code: "ResourceMismatch",
      status: "failure",
      summary: `The metadata is for ${resource.resource ?? "no resource at all"}, the address typed is ${url}. Claude stops here.`,
      fix:
        resource.resource === undefined
          ? `Add "resource":"${url}" to ${resource.url}.`
          : `Enter ${resource.resource} in Claude, letter by letter; or let ${resource.url} say "resource":"${url}". An AgentCore gateway always says its own address with /mcp: behind another name or path it needs a proxy that rewrites the metadata.`,
    },
  ];
};

// A bare origin may be written with and without its slash; nothing else is forgiven.
const isSame = (a: string, b: string): boolean =>
  a === b ||
  (URL.canParse(a) && new URL(a).pathname === "/" && new URL(a).href === new URL(b).href);

const isAbsolute = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

const wellKnown = (url: string): readonly string[] => {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/$/, "");
  return path === ""
    ? [`${origin}${WELL_KNOWN}`]
    : [`${origin}${WELL_KNOWN}${path}`, `${origin}${WELL_KNOWN}`];
};

const read = async (walk: Walk, url: string): Promise<Exchange> => {
  const exchange = await walk.send({ method: "GET", url, headers: { accept: "application/json" } });
  if (exchange.response?.status === 200) {
    const resource = parseResourceMetadata(url, exchange.response.body);
    if (resource !== undefined) walk.resource = resource;
  }
  return exchange;
};

const unreadable = (url: string, exchange: Exchange): Finding => {
  const why =
    exchange.response === undefined
      ? unreachable(new URL(url).hostname, exchange).summary
      : exchange.response.status === 200
        ? "It is no JSON object."
        : `It answers ${exchange.response.status}.`;
  return {
    code: "ResourceMetadataUnreachable",
    status: "failure",
    summary: `The challenge names ${url}, which cannot be read. ${why}`,
    fix: `Serve the metadata at ${url} to everybody without a token, or name the right address in the challenge.`,
    exchange,
  };
};
