// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "#local/wire/aws-service.ts";
import { isArray, isObject, type JsonObject } from "#local/wire/json.ts";
import { LocalError } from "#local/wire/local-error.ts";
import { DEFAULT_GROUP } from "../schedules/names.ts";
import { parseSettings } from "../schedules/parse-settings.ts";
import type { ScheduleSettings } from "../schedules/schedule-settings.ts";
import type { GroupTable } from "../store/group-table.ts";
import type { ScheduleTable } from "../store/schedule-table.ts";
import type { ScheduleBook } from "./schedule-book.ts";

/** A group or a schedule of the template, references resolved. */
export interface Declared {
  readonly name: string;
  readonly properties: unknown;
}

/**
 * Brings groups and schedules to what the template says, as a deployment would: makes what is missing, updates what
 * differs and takes away what an earlier template declared. What is the same is not touched: it goes on where it was.
 * @throws LocalError `TemplateNotUnderstood`, naming the resource
 */
export const declare = (
  declared: { readonly groups: readonly Declared[]; readonly schedules: readonly Declared[] },
  kept: {
    readonly book: ScheduleBook;
    readonly groups: GroupTable;
    readonly schedules: ScheduleTable;
    readonly nowMs: () => number;
  },
): void => {
  const { book } = kept;
  for (const { name, properties } of declared.groups) {
    orNotUnderstood(name, () => {
      const tags = tagsOf(membersOf(properties));
      const known = kept.groups.get(name);
      if (known === undefined) book.createGroup(name, tags, true);
      else kept.groups.put({ ...known, tags, isDeclared: true });
    });
  }
  const wanted = declared.schedules.map(({ name, properties: given }) => {
    const properties = membersOf(given);
    const group = typeof properties.GroupName === "string" ? properties.GroupName : DEFAULT_GROUP;
    return { group, name, properties };
  });
  for (const { group, name, properties } of wanted) {
    orNotUnderstood(name, () => {
      const known = kept.schedules.get(group, name);
      const settings = settingsOf(properties, known?.settings, kept.nowMs());
      const made = { group, name, settings, isDeclared: true };
      if (known === undefined) book.create(made);
      else if (!known.isDeclared || !isDeepStrictEqual(known.settings, settings)) book.update(made);
    });
  }
  for (const { group, name, isDeclared } of kept.schedules.all()) {
    const isWanted = wanted.some((one) => one.group === group && one.name === name);
    if (isDeclared && !isWanted) book.delete(group, name);
  }
  for (const { name } of kept.groups.declared()) {
    if (!declared.groups.some((group) => group.name === name)) book.deleteGroup(name);
  }
};

// A date that stands in the template stays there: what was made with it is not made with it anew.
const settingsOf = (
  properties: JsonObject,
  known: ScheduleSettings | undefined,
  nowMs: number,
): ScheduleSettings => {
  const body = {
    ...properties,
    ...dateOf(properties, "StartDate"),
    ...dateOf(properties, "EndDate"),
  };
  const isSameStart = known?.StartDate !== undefined && known.StartDate === body.StartDate;
  return parseSettings({
    operation: "AWS::Scheduler::Schedule",
    body,
    nowMs: isSameStart ? Math.min(nowMs, (known.StartDate ?? 0) * 1000) : nowMs,
  });
};

// The template has ISO 8601 where the API has epoch seconds.
const dateOf = (properties: JsonObject, name: "StartDate" | "EndDate"): JsonObject => {
  const value = properties[name];
  if (value === undefined) return {};
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new AwsError("ValidationException", `${name} is not a date.`);
  return { [name]: Math.floor(ms / 1000) };
};

const membersOf = (properties: unknown): JsonObject => (isObject(properties) ? properties : {});

const tagsOf = ({ Tags: tags }: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    (isArray(tags) ? tags : [])
      .filter(isObject)
      .map(({ Key, Value }) => [String(Key), String(Value)]),
  );

const orNotUnderstood = (name: string, make: () => void): void => {
  try {
    make();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new LocalError("TemplateNotUnderstood", `Schedule ${name}: ${cause.message}`, { cause });
  }
};
