import { type Gateway, startGateway } from "../gateway/gateway.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts the template's gateway in front of its targets.
 * @throws LocalError `PortInUse`, `TemplateNotUnderstood` (not exactly one gateway, or one that is not imitated)
 */
export const startToolGateway = async (
  { identity, declared, endpoint, log }: Ground,
  options: { readonly port: number; readonly cognitoUrl: string },
): Promise<Gateway> => {
  const gateway = declared.theOne("AWS::BedrockAgentCore::Gateway", "gateway");
  return startGateway({
    port: options.port,
    gatewayId: gateway.physical.attributes.GatewayIdentifier ?? "",
    properties: gateway.properties,
    targets: declared
      .ofType("AWS::BedrockAgentCore::GatewayTarget")
      .map(({ physical, properties }) => ({ targetId: physical.ref, properties })),
    rateLimits: declared
      .ofType("AWS::BedrockAgentCore::GatewayRateLimit")
      .map(({ physical, properties }) => ({ rateLimitId: physical.ref, properties })),
    // Where Cognito is found on this machine, as DNS would say it.
    rewriteUrl: (url) =>
      url.replace(
        `https://cognito-idp.${identity.region}.amazonaws.com/`,
        `${options.cognitoUrl}/`,
      ),
    access: endpoint.roleOf("bedrock-agentcore.amazonaws.com")(
      String(gateway.properties.RoleArn),
      gateway.physical.ref,
    ),
    log,
  });
};
