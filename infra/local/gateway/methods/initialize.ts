// https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
import * as z from "zod";
import { errorAnswer, resultAnswer } from "../request/answer.ts";
import type { Operation } from "./operation.ts";

const params = z.object({ protocolVersion: z.string() });

/** Agrees on a version: the client's when the gateway has it, else the gateway's newest. No session is made. */
export const initialize: Operation = ({ configuration }, { message }) => {
  const asked = params.safeParse(message.params);
  if (!asked.success) {
    return errorAnswer(message.id, { code: -32_602, message: "Invalid params: protocolVersion" });
  }
  const { supportedVersions, instructions } = configuration;
  const { protocolVersion } = asked.data;
  return resultAnswer(message.id, {
    protocolVersion: supportedVersions.includes(protocolVersion)
      ? protocolVersion
      : supportedVersions[0],
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: "agentcore-gateway", version: "1.0.0" },
    ...(instructions === undefined ? {} : { instructions }),
  });
};
