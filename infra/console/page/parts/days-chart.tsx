import { type Day, END_ORDER } from "../../model/days.ts";
import { toneOf } from "../../model/tone.ts";
import { sayOneOf } from "../../words/words.ts";
import { locale, say } from "../session/settings.ts";
import { Link } from "./link.tsx";

/** Runs by day, stacked by how they ended; a list whose entries say in words what the bars draw. */
export const DaysChart = ({ days }: { readonly days: readonly Day[] }) => {
  const most = Math.max(1, ...days.map(({ runs }) => runs));
  const format = new Intl.DateTimeFormat(locale.value, {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
  });
  return (
    <ol class="days">
      {days.map(({ day, runs, counts }) => (
        <li key={day}>
          <Link
            to={{ page: "runs", filters: { since: day, until: day } }}
            title={labelOf(format.format(Date.parse(day)), runs, counts)}
          >
            <span class="unseen">{labelOf(format.format(Date.parse(day)), runs, counts)}</span>
            <span class="stack" aria-hidden="true">
              {END_ORDER.map((end) => {
                const count = counts[end] ?? 0;
                return (
                  count > 0 && (
                    <span
                      key={end}
                      class={toneOf(end)}
                      style={{ height: `${(100 * count) / most}%` }}
                    />
                  )
                );
              })}
            </span>
            <span class="date" aria-hidden="true">
              {day.slice(8).replace(/^0/, "")}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
};

const labelOf = (date: string, runs: number, counts: Day["counts"]): string => {
  const ends = Object.entries(counts).map(
    ([end, count]) => `${String(count)} ${sayOneOf(say, "result", end)}`,
  );
  return `${date}: ${say("overview.runs_count", { n: runs })}${ends.length > 0 ? ` (${ends.join(", ")})` : ""}`;
};
