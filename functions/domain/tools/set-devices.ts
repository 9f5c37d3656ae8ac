import { shown } from "#domain/printable.ts";
import { isApprovalId } from "#domain/run/approval.ts";
import type { Wish } from "#domain/scene/unsaved/unsaved-scene.ts";
import { EXCEPT, WAIT_AS_THERE, waitIn } from "./scene-arguments.ts";
import type { Tool } from "./tool.ts";
import type { ToolArguments } from "./tool-arguments.ts";

/** A call of set_devices. */
export interface SetDevicesCall {
  readonly tool: "set_devices";
  readonly wishes: readonly Wish[];
  readonly except: readonly string[];
  readonly requestId?: string;
  readonly reason?: string;
  /** How long the caller waits for the end. */
  readonly waitSeconds?: number;
  readonly approvalId?: string;
}

export const setDevicesTool: Tool<"set_devices", SetDevicesCall> = {
  name: "set_devices",
  scope: "write",
  description:
    'Sets devices without a saved scene, absolute states only, never toggle or "brighter". A run like run_scene\'s: same result, approval, undo_run. Example: {"devices":[{"device":"Downstairs","want":{"on":false}},{"device":"Thermostat","want":{"targetC":19}}],"except":["Hall"]}',
  properties: {
    devices: {
      type: "array",
      items: {
        type: "object",
        properties: {
          device: {
            type: "string",
            description: 'Device, room, group, floor, label or "everything".',
          },
          want: {
            type: "object",
            description:
              '{"on":true}, {"brightness":40}, {"locked":true}, {"position":0} (closed), {"mode":"armed_night"}. "on" of several: lights, plugs, fans.',
          },
          kind: { type: "string", description: 'Of several only these, e.g. "light".' },
        },
        required: ["device", "want"],
      },
      description: "One item a wish.",
    },
    except: EXCEPT,
    request_id: { type: "string", description: "As in run_scene." },
    reason: { type: "string", description: "Why, in the user's words.", longest: 200 },
    approval_id: { type: "string", description: "As in run_scene." },
    wait_s: WAIT_AS_THERE,
  },
  required: ["devices"],
  annotations: {
    title: "Set devices",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  parse: (given) => {
    const requestId = given.text("request_id");
    const reason = given.text("reason");
    const approvalId = given.text("approval_id");
    if (approvalId !== undefined && !isApprovalId(approvalId)) {
      throw given.wrong('"approval_id" must be the approval_id of a result needs_approval.');
    }
    const wishes = given.objects("devices").map((item) => parseWish(item, given));
    if (wishes.length === 0) throw given.wrong('"devices" must have at least one item.');
    return {
      tool: "set_devices",
      wishes,
      except: given.texts("except"),
      ...(requestId === undefined ? {} : { requestId }),
      ...(reason === undefined ? {} : { reason }),
      ...waitIn(given),
      ...(approvalId === undefined ? {} : { approvalId }),
    };
  },
};

// What stands beside the device and says no "want" is the state itself: {"device":"Hall lamp","on":false}.
const parseWish = (
  { device, want, kind, ...rest }: Readonly<Record<string, unknown>>,
  given: ToolArguments,
): Wish => {
  const name = typeof device === "string" ? device : "";
  const others = Object.keys(rest);
  const isSaid = want !== undefined && want !== null && want !== "";
  if (isSaid && others.length > 0) {
    throw given.wrong(
      `an item of "devices" has device, want and kind; ${shown(others)} must stand in "want".`,
    );
  }
  if (!isSaid && others.length === 0) throw given.wrong(`"want" of ${shown(name)} is missing.`);
  return {
    device: name,
    want: isSaid ? want : rest,
    ...(typeof kind === "string" && kind.trim() !== "" ? { kind: kind.trim().toLowerCase() } : {}),
  };
};
