import { LOOKS, type Tool } from "./tool.ts";

/** A call of explain_device. */
export interface ExplainDeviceCall {
  readonly tool: "explain_device";
  readonly device: string;
}

export const explainDeviceTool: Tool<"explain_device", ExplainDeviceCall> = {
  name: "explain_device",
  scope: "read",
  description:
    'Why a device is as it is ("who turned this on?"): its last changes, by which scene, schedule or hand, by whom and when, and how reliably it answers. Example: {"device":"Hall lamp"}',
  properties: { device: { type: "string", description: "One device, by name, alias or id." } },
  required: ["device"],
  annotations: { title: "Explain a device", ...LOOKS },
  parse: (given) => ({ tool: "explain_device", device: given.required("device") }),
};
