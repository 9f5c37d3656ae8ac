import { useId, useState } from "preact/hooks";
import type { DeviceInRun } from "../../model/answers.ts";
import { durationInWords } from "../../model/moments.ts";
import { type Scale, type WaterfallRow, waterfall } from "../../model/waterfall.ts";
import { locale, say } from "../session/settings.ts";
import { Link } from "./link.tsx";
import { Mark } from "./mark.tsx";
import { Duration } from "./moment.tsx";
import { Name } from "./name.tsx";

/**
 * How a run went, device by device: a real table whose bars only draw what its cells say. The bar goes from asked to
 * answered, over the window in which the answer had to come.
 */
export const WaterfallTable = ({
  devices,
  requestedAt,
}: {
  readonly devices: readonly DeviceInRun[];
  readonly requestedAt: string;
}) => {
  const [scale, setScale] = useState<Scale>("when");
  const group = useId();
  const { stages, ticks } = waterfall(devices, requestedAt, scale);
  const ruler = ticks.map(({ at, ms }) => ({
    at,
    text: durationInWords(ms, locale.value),
  }));
  return (
    <section aria-label={say("run.waterfall")}>
      <div class="bar-head">
        <h2>{say("run.waterfall")}</h2>
        <fieldset class="switch">
          <legend class="unseen">{say("run.scale")}</legend>
          {(["when", "how_fast"] as const).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name={group}
                checked={scale === each}
                onChange={() => setScale(each)}
              />
              <span>{say(`run.scale.${each}`)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <p class="quiet">{say(`run.scale.${scale}.text`)}</p>
      <div class="scroll">
        <table class="waterfall">
          <caption class="unseen">{say("run.waterfall")}</caption>
          <thead>
            <tr>
              <th scope="col">{say("run.device")}</th>
              <th scope="col">{say("run.outcome")}</th>
              <th scope="col" class="took">
                {say("run.took")}
              </th>
              <th scope="col" class="chart">
                <span class="unseen">{say("run.chart")}</span>
                <span class="ruler" aria-hidden="true">
                  {ruler.map(({ at, text }) => (
                    <span key={at} style={{ left: `${at}%` }}>
                      {text}
                    </span>
                  ))}
                </span>
              </th>
              <th scope="col">{say("run.state")}</th>
            </tr>
          </thead>
          {stages.map(({ name, rows, asAsked }) => (
            <tbody key={name}>
              <tr class="stage">
                <th scope="rowgroup" colSpan={5}>
                  <Name of={name} />{" "}
                  <span class="quiet">
                    {say("run.stage_count", { confirmed: asAsked, devices: rows.length })}
                  </span>
                </th>
              </tr>
              {rows.map((row) => (
                <Row key={row.device.device} row={row} grid={ticks.map(({ at }) => at)} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
};

const Row = ({ row, grid }: { readonly row: WaterfallRow; readonly grid: readonly number[] }) => {
  const { device, tone, window, bar, hasAnswered, isLate, tookMs } = row;
  return (
    <tr class={tone === "bad" ? "attention" : undefined}>
      <th scope="row">
        <Link to={{ page: "device", device: device.device }}>
          <Name of={device.name} />
        </Link>
      </th>
      <td data-head={say("run.outcome")}>
        <Mark group="outcome" word={device.outcome} />
        <Why device={device} />
      </td>
      <td class="took number" data-head={say("run.took")}>
        {tookMs === undefined ? (
          <span class="quiet">{say("run.no_answer")}</span>
        ) : (
          <Duration ms={tookMs} />
        )}
        <span class="quiet of">{say("run.of_window", { seconds: device.window_seconds })}</span>
      </td>
      <td class="chart" aria-hidden="true">
        <div class="track">
          {grid.map((at) => (
            <i key={at} style={{ left: `${at}%` }} />
          ))}
          {window !== undefined && (
            <span
              class="window"
              style={{ left: `${window.from}%`, width: `${window.to - window.from}%` }}
            />
          )}
          {bar !== undefined && (
            <span
              class={`bar ${tone} ${hasAnswered && !isLate ? "" : "dashed"}`}
              style={{ left: `${bar.from}%`, width: `${bar.to - bar.from}%` }}
            />
          )}
        </div>
      </td>
      <td data-head={say("run.state")} lang="en">
        <Change before={device.before} after={device.after} asked={device.asked} />
      </td>
    </tr>
  );
};

// The tools say why in English; what the page can say itself, it says in the reader's language.
const Why = ({ device }: { readonly device: DeviceInRun }) => {
  const { outcome, window_seconds: seconds, withdrawn, why } = device;
  const parts = [
    ...(outcome === "timed_out" || outcome === "offline"
      ? [say("why.no_answer", { seconds })]
      : outcome === "confirmed_late"
        ? [say("why.late", { seconds })]
        : outcome === "not_reached"
          ? [say("why.not_reached")]
          : []),
    ...(withdrawn === true ? [say("why.withdrawn")] : []),
  ];
  if (parts.length > 0) return <span class="why">{parts.join(" ")}</span>;
  if (outcome === "confirmed" || outcome === "already_there" || why === undefined) return null;
  return (
    <span class="why" lang="en">
      <Name of={why} />
    </span>
  );
};

/** From what to what; what was asked where nothing was reported. */
export const Change = ({
  before,
  after,
  asked,
}: {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly asked?: string;
}) => {
  if (after === undefined) {
    return asked === undefined ? null : (
      <span class="quiet">
        <span class="unseen">{say("state.asked")} </span>→ <Name of={asked} /> ?
      </span>
    );
  }
  return (
    <span>
      {before !== undefined && before !== after && (
        <>
          <Name class="quiet" of={before} />{" "}
          <span aria-hidden="true" class="quiet">
            →
          </span>
          <span class="unseen"> {say("state.then")} </span>{" "}
        </>
      )}
      <Name of={after} />
    </span>
  );
};
