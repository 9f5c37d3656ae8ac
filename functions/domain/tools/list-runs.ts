import { isListedEnd, LISTED_ENDS, type RunFilter } from "#domain/audit/listed-run.ts";
import { DETAIL, type Detail, readDetail } from "./detail.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of list_runs. */
export interface ListRunsCall {
  readonly tool: "list_runs";
  readonly since?: string;
  readonly until?: string;
  readonly filter: RunFilter;
  /** The token of the answer before. */
  readonly page?: string;
  /** Full: with the period in numbers, or with a device's own part where one is named. */
  readonly detail: Detail;
}

export const listRunsTool: Tool<"list_runs", ListRunsCall> = {
  name: "list_runs",
  scope: "read",
  shownTo: "operators",
  description:
    'Only for operators: runs of a home, newest first, with who asked for each and how it ended; at most 25 a page. "full" adds counts, or what became of the device that is named. Each look is recorded. Example: {"since":"8h","result":"failed"}',
  properties: {
    since: {
      type: "string",
      description:
        "A day (UTC), a moment (2026-11-27T22:00Z) or how long ago (90m, 8h, 7d); 1d without it.",
    },
    until: { type: "string", description: "The same; now without it. 31 days at most." },
    scene: { type: "string", description: "Its id." },
    person: { type: "string", description: "Username or sub." },
    client: { type: "string", description: "Client id." },
    device: { type: "string", description: "A device that was asked." },
    result: { type: "string", description: `Only these: ${LISTED_ENDS.join(", ")}.` },
    page: {
      type: "string",
      description: 'What the answer before says in "next".',
      longest: 128,
    },
    detail: DETAIL,
  },
  required: [],
  annotations: { title: "List a home's runs", ...LOOKS },
  parse: (given) => {
    const [since, until, page] = [given.text("since"), given.text("until"), given.text("page")];
    const [scene, person, client, device, result] = [
      given.text("scene"),
      given.text("person"),
      given.text("client"),
      given.text("device"),
      given.text("result"),
    ];
    if (result !== undefined && !isListedEnd(result)) {
      throw given.wrong(`"result" must be one of ${LISTED_ENDS.join(", ")}.`);
    }
    return {
      tool: "list_runs",
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      filter: {
        ...(scene === undefined ? {} : { scene }),
        ...(person === undefined ? {} : { person }),
        ...(client === undefined ? {} : { client }),
        ...(device === undefined ? {} : { device }),
        ...(result === undefined ? {} : { end: result }),
      },
      ...(page === undefined ? {} : { page }),
      detail: readDetail(given),
    };
  },
};
