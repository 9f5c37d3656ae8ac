import type { InterceptedRequest } from "#domain/access/interceptor.ts";

/** What a function knows of the gateway that calls it. */
export interface Gateway {
  readonly name: string;
  readonly region: string;
}

/**
 * Whether a verified token may be used here: it names nobody, as machines' do, or this gateway. Without this check
 * whoever runs another server that trusts the same user pool could use the tokens that it is sent. (RFC 8707 §2)
 */
export const isMeantForGateway = (
  { audience = [], host }: Pick<InterceptedRequest, "audience" | "host">,
  { name, region }: Gateway,
): boolean => {
  // A function cannot be told the address of the gateway that is made after it. It is known by the name that AWS makes
  // addresses of, and by the one that this very request was sent to.
  const isOurs = (one: string): boolean => {
    if (!URL.canParse(one)) return false;
    const { host: meant } = new URL(one);
    return meant === host?.toLowerCase() || isAddressOf(meant, name, region);
  };
  return audience.length === 0 || audience.some(isOurs);
};

// AWS makes the gateway's id from its name in lower case and ten characters.
const isAddressOf = (host: string, name: string, region: string): boolean => {
  const start = `${name.toLowerCase()}-`;
  const end = `.gateway.bedrock-agentcore.${region}.amazonaws.com`;
  const id = host.slice(start.length, -end.length);
  return host.startsWith(start) && host.endsWith(end) && /^[a-z0-9]{10}$/.test(id);
};
