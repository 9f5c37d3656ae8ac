import type { Check } from "./check.ts";
import { bad, good } from "./finding.ts";
import { gatewayNames } from "./gateway-names.ts";

/** Does the region have AgentCore? */
export const checkRegion: Check = {
  name: "region",
  find: async ({ clientOptions, region }) => {
    try {
      const names = await gatewayNames(clientOptions);
      return good(`${region} has Bedrock AgentCore, with ${names.length} gateways of this account`);
    } catch (error) {
      const isAbsent = error instanceof Error && "code" in error && error.code === "ENOTFOUND";
      if (!isAbsent) throw error;
      return bad(
        `${region} has no Bedrock AgentCore`,
        "Give --region NAME, one of https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-regions.html",
      );
    }
  },
};
