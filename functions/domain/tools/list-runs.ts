import { isListedEnd, LISTED_ENDS, type RunFilter } from "#domain/audit/listed-run.ts";
import { type Detail, MORE, readDetail } from "./detail.ts";
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
    'Only for operators: a home\'s runs, newest first, 25 a page: who asked, how it ended. Each look is recorded. Example: {"since":"8h","result":"failed"}',
  properties: {
    since: {
      type: "string",
      description: "A day (UTC), a moment (2026-11-27T22:00Z) or an age (8h, 7d); default 1d.",
    },
    until: { type: "string", description: "The same; default now; 31 days at most." },
    scene: { type: "string", description: "Its id." },
    person: { type: "string", description: "Username or sub." },
    client: { type: "string", description: "Client id." },
    device: { type: "string", description: "An asked device." },
    result: { type: "string", description: `Only these: ${LISTED_ENDS.join(", ")}.` },
    page: {
      type: "string",
      description: 'Of "next".',
      longest: 128,
    },
    detail: MORE,
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
