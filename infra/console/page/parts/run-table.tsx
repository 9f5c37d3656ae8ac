import type { Run } from "../../model/answers.ts";
import { say } from "../session/settings.ts";
import { Link } from "./link.tsx";
import { Mark } from "./mark.tsx";
import { Moment } from "./moment.tsx";
import { Name } from "./name.tsx";
import { sceneName } from "./names.ts";

/** Runs as a table: what, when, by whom, how it ended. The scene is the link to the run. */
export const RunTable = ({
  runs,
  caption,
}: {
  readonly runs: readonly Run[];
  readonly caption: string;
}) => (
  <div class="scroll">
    <table class="runs">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say("runs.scene")}</th>
          <th scope="col">{say("runs.result")}</th>
          <th scope="col">{say("runs.confirmed")}</th>
          <th scope="col">{say("runs.at")}</th>
          <th scope="col">{say("runs.by")}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.run_id}>
            <th scope="row">
              <Link to={{ page: "run", run: run.run_id }}>
                <Name of={sceneName(run.scene)} />
              </Link>
              {run.reason !== undefined && (
                <span class="quiet cut">
                  {" "}
                  <Name of={run.reason} />
                </span>
              )}
            </th>
            <td data-head={say("runs.result")}>
              <Mark group="result" word={run.result} />
            </td>
            <td data-head={say("runs.confirmed")} class="number">
              {run.devices === undefined
                ? "–"
                : say("runs.of", { confirmed: run.confirmed ?? 0, devices: run.devices })}
            </td>
            <td data-head={say("runs.at")}>
              <Moment at={run.requested_at} />
            </td>
            <td data-head={say("runs.by")}>
              <Who run={run} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Who asked for a run: a person by name, the home's own schedules as such. */
export const Who = ({ run }: { readonly run: Pick<Run, "requested_by" | "role" | "client"> }) => {
  if (run.role === "schedules") return <span>{say("who.schedules")}</span>;
  if (run.requested_by === undefined) return <span class="quiet">{say("who.erased")}</span>;
  return run.requested_by === run.client ? (
    <span>
      {say("who.machine")} <Name class="quiet code" of={run.client} />
    </span>
  ) : (
    <Name of={run.requested_by} />
  );
};
