import { type Gateway, startGateway } from "../gateway/gateway.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts the template's gateway in front of its targets.
 * @throws LocalError `PortInUse`, `TemplateNotUnderstood` (not exactly one gateway, or one that is not imitated)
 */
export const startToolGateway = async (
  { declared, endpoint, addresses, log }: Ground,
  options: { readonly port: number },
): Promise<Gateway> => {
  const gateway = declared.theOne("AWS::BedrockAgentCore::Gateway", "gateway");
  const started = await startGateway({
    port: options.port,
    gatewayId: gateway.physical.attributes.GatewayIdentifier ?? "",
    properties: gateway.properties,
    targets: declared
      .ofType("AWS::BedrockAgentCore::GatewayTarget")
      .map(({ physical, properties }) => ({ targetId: physical.ref, properties })),
    rateLimits: declared
      .ofType("AWS::BedrockAgentCore::GatewayRateLimit")
      .map(({ physical, properties }) => ({ rateLimitId: physical.ref, properties })),
    rewriteUrl: addresses.here,
    access: endpoint.roleOf("bedrock-agentcore.amazonaws.com")(
      String(gateway.properties.RoleArn),
      gateway.physical.ref,
    ),
    log,
  });
  const { GatewayUrl: url } = gateway.physical.attributes;
  if (url !== undefined) addresses.add(new URL(url).origin, new URL(started.url).origin);
  return started;
};
