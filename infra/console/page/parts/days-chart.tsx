import { type Day, END_ORDER } from "../../model/days.ts";
import { toneOf } from "../../model/tone.ts";
import { sayOneOf } from "../../words/words.ts";
import { locale, say } from "../session/settings.ts";
import { Link } from "./link.tsx";

/** Runs by day, stacked by how they ended; and the same in numbers, with a way to each day's runs. */
export const DaysChart = ({ days }: { readonly days: readonly Day[] }) => {
  const most = Math.max(1, ...days.map(({ runs }) => runs));
  return (
    <>
      <div class="days" role="img" aria-label={say("overview.days.chart")}>
        {days.map((day) => (
          <span key={day.day} class="day" title={`${dateOf(day)}: ${inWords(day)}`}>
            <span class="stack">
              {END_ORDER.map((end) => {
                const count = day.counts[end] ?? 0;
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
            <span class="date">{day.day.slice(8).replace(/^0/, "")}</span>
          </span>
        ))}
      </div>
      <ul class="legend" aria-hidden="true">
        <li class="good">{say("result.done")}</li>
        <li class="warn">{say("overview.legend.part")}</li>
        <li class="bad">{say("overview.legend.bad")}</li>
      </ul>
      <details>
        <summary>{say("overview.days.numbers")}</summary>
        <ul class="plain">
          {days
            .filter(({ runs }) => runs > 0)
            .toReversed()
            .map((day) => (
              <li key={day.day}>
                <Link to={{ page: "runs", filters: { since: day.day, until: day.day } }}>
                  {dateOf(day)}
                </Link>
                : {inWords(day)}
              </li>
            ))}
        </ul>
      </details>
    </>
  );
};

const dateOf = ({ day }: Day): string =>
  new Intl.DateTimeFormat(locale.value, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(Date.parse(day));

const inWords = ({ runs, counts }: Day): string => {
  const ends = END_ORDER.flatMap((end) => {
    const count = counts[end] ?? 0;
    return count === 0 ? [] : [`${String(count)} ${sayOneOf(say, "result", end)}`];
  });
  return runs === 0 ? say("overview.runs_count", { n: 0 }) : ends.join(", ");
};
