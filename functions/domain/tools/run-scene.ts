import { isApprovalId } from "#domain/run/approval.ts";
import { isPlanHash } from "#domain/run/plan.ts";
import { EXCEPT, PARAMETERS, parametersIn, SCENE, WAIT, waitIn } from "./scene-arguments.ts";
import type { Tool } from "./tool.ts";

/** A call of run_scene. */
export interface RunSceneCall {
  readonly tool: "run_scene";
  readonly scene: string;
  readonly except: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly reason?: string;
  /** How long the caller waits for the end. */
  readonly waitSeconds?: number;
  /** Of plan_scene: exactly that plan, or nothing. */
  readonly planHash?: string;
  /** Of an answer `needs_approval`, given by a person who approves. */
  readonly approvalId?: string;
}

export const runSceneTool: Tool<"run_scene", RunSceneCall> = {
  name: "run_scene",
  scope: "write",
  description:
    'Runs a scene; each device acknowledges by itself (in seconds; covers in minutes). Lists each device that is not as asked, with the next step. "running": call get_run with wait_s for the end. Repeat its "say" to the user; never claim more. Example: {"scene":"goodnight","request_id":"9f1c2a","reason":"going to bed"}',
  properties: {
    scene: SCENE,
    request_id: {
      type: "string",
      description:
        "Your own id of this request: repeated, it is the same run, nothing is sent twice.",
    },
    except: EXCEPT,
    parameters: PARAMETERS,
    reason: {
      type: "string",
      description: "Why, in the user's words; kept in the audit.",
      longest: 200,
    },
    plan_hash: {
      type: "string",
      description: "plan_hash of plan_scene: runs exactly that plan, or says what changed.",
      longest: 80,
    },
    approval_id: {
      type: "string",
      description:
        "approval_id of a result needs_approval. Only after the user, shown what would be opened, has said yes.",
    },
    wait_s: WAIT,
  },
  required: ["scene"],
  // A scene may lock a door or close a garage: a client does well to ask first.
  annotations: {
    title: "Run a scene",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  parse: (given) => {
    const requestId = given.text("request_id");
    const reason = given.text("reason");
    const planHash = given.text("plan_hash");
    const approvalId = given.text("approval_id");
    if (planHash !== undefined && !isPlanHash(planHash)) {
      throw given.wrong('"plan_hash" must be the plan_hash of plan_scene, sha256: and 64 digits.');
    }
    if (approvalId !== undefined && !isApprovalId(approvalId)) {
      throw given.wrong('"approval_id" must be the approval_id of a result needs_approval.');
    }
    return {
      tool: "run_scene",
      scene: given.required("scene"),
      except: given.texts("except"),
      ...parametersIn(given),
      ...(requestId === undefined ? {} : { requestId }),
      ...(reason === undefined ? {} : { reason }),
      ...waitIn(given),
      ...(planHash === undefined ? {} : { planHash }),
      ...(approvalId === undefined ? {} : { approvalId }),
    };
  },
};
