import { parseOutcomeRecord } from "#domain/audit/outcome-record.ts";
import { parseRunRecords, type RunRecords } from "#domain/audit/run-records.ts";
import {
  outcomeTimeline,
  runTimeline,
  type TimelineDevice,
  type TimelineStage,
} from "#domain/audit/run-timeline.ts";
import { counted } from "#domain/counted.ts";
import { ACKNOWLEDGEMENT_PREFIX, OUTCOME_KEY } from "#domain/home/keys.ts";
import { spelt } from "#domain/printable.ts";
import { isAsAsked } from "#domain/run/run-result.ts";
import { reportLine } from "./device-lines.ts";

type Item = Readonly<Record<string, unknown>>;

const BAR_CELLS = 24;
const LEGEND =
  "░ its window   █ until it answered   ╌ after its window   ● answered late   × withdrawn";

/**
 * A run as a person reads it: who asked for what and why, and stage by stage each device's window as a band with its
 * answer in it, the state before and after, and why it is as it is.
 */
export const timelineLines = (items: readonly Item[], nowMs: number): readonly string[] => {
  const records = parseRunRecords(items);
  const outcome = items.find(({ SK }) => SK === OUTCOME_KEY);
  const lines = [
    ...(records === undefined
      ? [
          `${String(items[0]?.PK).split("#").at(-1)}: the record of its request is no more: its time was over, or it was erased. (npm run audit -- verify tells which)`,
        ]
      : requestLines(records)),
    ...(outcome === undefined
      ? []
      : [`${String(outcome.result)}: ${String(outcome.say)} (${String(outcome.finishedAt)})`]),
  ];
  if (records === undefined) {
    const stages =
      outcome === undefined ? [] : outcomeTimeline(parseOutcomeRecord(outcome).outcomes);
    return [...lines, ...stages.flatMap(stageLines), "", LEGEND].map(spelt);
  }
  const { view, stages } = runTimeline(records, nowMs);
  const answers = items
    .filter(({ SK }) => String(SK).startsWith(ACKNOWLEDGEMENT_PREFIX))
    .toSorted((one, other) => Number(one.acknowledgedAt) - Number(other.acknowledgedAt));
  return [
    ...lines,
    ...(outcome === undefined
      ? [
          `not concluded; ${counted(answers.length, "acknowledgement")} so far`,
          ...answers.map((item) => `${String(item.thing)}: ${reportLine(item)}`),
          `${view.result}: ${view.say}`,
        ]
      : []),
    ...stages.flatMap(stageLines),
    "",
    LEGEND,
  ].map(spelt);
};

const requestLines = ({ request, plan, planHash }: RunRecords): readonly string[] => {
  const { caller, reason, visitReason, requestId } = request;
  const about = [
    `reason: ${reason === undefined ? "none given" : JSON.stringify(reason)}`,
    ...(visitReason === undefined ? [] : [`granted because: ${JSON.stringify(visitReason)}`]),
    ...(requestId === undefined ? [] : [`request id: ${JSON.stringify(requestId)}`]),
    ...(plan.leftOut.length === 0 ? [] : [`left out: ${plan.leftOut.join(", ")}`]),
  ];
  return [
    `${request.id}  ${request.scene}  requested ${request.requestedAt} by ${caller.username ?? caller.clientId} (${request.role}), through the client ${caller.clientId}`,
    about.join("   "),
    `plan: ${planHash}, version ${plan.sceneVersion} of the scene`,
  ];
};

const stageLines = ({ name, devices }: TimelineStage): readonly string[] => {
  const asked = devices.flatMap(({ askedAtMs }) => askedAtMs ?? []);
  const spanMs = Math.max(1, ...devices.map(spanOf));
  const width = Math.max(...devices.map((one) => spelt(one.name).length));
  const sent = asked.length === 0 ? "nothing was sent" : `asked ${clock(Math.min(...asked))}`;
  return [
    "",
    `${name}   ${sent}, ${seconds(spanMs)} from left to right`,
    ...devices.flatMap((one) => [
      `  ${spelt(one.name).padEnd(width)}  ${barOf(one, spanMs)}  ${howLong(one)}  ${one.outcome}  ${change(one)}${one.why === "" ? "" : `   ${one.why}`}`,
      ...one.againAtMs.map((atMs) => `  ${" ".repeat(width)}  reported again ${clock(atMs)}`),
    ]),
  ];
};

const spanOf = (one: TimelineDevice): number =>
  Math.max(one.windowSeconds * 1000, tookMs(one) ?? 0);

const tookMs = ({ askedAtMs, acknowledgedAtMs }: TimelineDevice): number | undefined =>
  askedAtMs === undefined || acknowledgedAtMs === undefined
    ? undefined
    : Math.max(0, acknowledgedAtMs - askedAtMs);

const barOf = (one: TimelineDevice, spanMs: number): string => {
  if (one.askedAtMs === undefined) return " ".repeat(BAR_CELLS);
  const cellOf = (ms: number): number =>
    Math.min(BAR_CELLS, Math.max(1, Math.round((ms / spanMs) * BAR_CELLS)));
  const windowCells = cellOf(one.windowSeconds * 1000);
  const took = tookMs(one);
  const answerCells = took === undefined ? 0 : cellOf(took);
  const isLate = one.isLate && took !== undefined;
  return Array.from({ length: BAR_CELLS }, (_, at) => {
    if (isLate) {
      // A late answer stands behind its window, however close it came.
      const last = Math.min(BAR_CELLS - 1, Math.max(answerCells - 1, windowCells));
      if (at === last) return "●";
      return at < Math.min(windowCells, last) ? "░" : at < last ? "╌" : " ";
    }
    if (at < answerCells) return "█";
    if (one.isWithdrawn && at === windowCells - 1) return "×";
    return at < windowCells ? "░" : " ";
  }).join("");
};

const howLong = (one: TimelineDevice): string => {
  const took = tookMs(one);
  const answered = one.acknowledgedAtMs === undefined ? "" : ` at ${clock(one.acknowledgedAtMs)}`;
  return `${took === undefined ? "no answer" : `${seconds(took)}${answered}`} of ${one.windowSeconds} s`;
};

const change = ({ outcome, asked, before, after }: TimelineDevice): string => {
  const was = before ?? "?";
  if (after === undefined) return `${was}, asked for ${asked}`;
  const isGood = outcome !== "waiting" && isAsAsked(outcome);
  return isGood ? `${was} → ${after}` : `${was} → ${after}, asked for ${asked}`;
};

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`;
