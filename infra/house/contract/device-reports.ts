import type { DeviceKind, ReportedState } from "#domain/home/vocabulary.ts";
import type { DeviceLink } from "./device-link.ts";
import { type DeviceValues, reportOfChange } from "./device-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a device tells its shadow: its values and whether it is online, always in one update. */
export interface DeviceReports {
  /** No report is on its way: the shadow has what was sent. */
  isSettled(): boolean;
  /** How many answers have been sent. */
  answersSent(): number;
  /** Reports how it is; resolves when the broker has it. Without a link there is nobody to tell. */
  report(): Promise<void>;
  /** Reports only whether it is online: how it is, an answer that is owed will tell. */
  reportPresence(): Promise<void>;
  /** The same with the echo of a command. */
  answer(echo: Members): void;
  /** The report with which it goes. */
  farewell(): Members;
}

/** The reports of one device, whose shadow may know the values `known` of an earlier life. */
export const deviceReports = (options: {
  readonly kind: DeviceKind;
  readonly known: DeviceValues;
  readonly values: () => DeviceValues;
  /** What it senses beside that. */
  readonly readings: () => ReportedState;
  /** What stands behind a link may be away while the link is up. */
  readonly isThere: () => boolean;
  readonly link: () => DeviceLink | undefined;
}): DeviceReports => {
  const { kind, link, isThere } = options;
  let { known } = options;
  let underWay = 0;
  let answers = 0;

  const next = (online: boolean, echo?: Members): Members => {
    const values = options.values();
    const report = {
      ...options.readings(),
      [kind]: reportOfChange(known, values),
      online,
      ...(echo === undefined ? {} : { command: echo }),
    };
    known = values;
    return report;
  };

  const send = async (make: () => Members): Promise<void> => {
    const to = link();
    if (to === undefined) return;
    underWay += 1;
    try {
      await to.report(make());
    } finally {
      underWay -= 1;
    }
  };

  return {
    isSettled: () => underWay === 0,
    answersSent: () => answers,
    report: () => send(() => next(isThere())),
    reportPresence: () => send(() => ({ online: isThere() })),
    answer: (echo) => {
      answers += 1;
      // A link that is closing keeps it; the shadow shows at the next start that it is missing.
      send(() => next(isThere(), echo)).catch(() => {});
    },
    farewell: () => next(false),
  };
};
