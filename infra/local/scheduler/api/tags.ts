// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html
import type { Json } from "#local/wire/json.ts";
import { isObject } from "#local/wire/json.ts";
import type { RestInput } from "#local/wire/rest-service.ts";
import { constraints } from "../schedules/constraints.ts";
import { invalid } from "../schedules/scheduler-error.ts";
import type { ScheduleGroup } from "../store/group-table.ts";
import type { SchedulerApi } from "./operation.ts";

const MOST_TAGS = 50;

/** Reads tags. @throws AwsError `ValidationException` */
export const parseTags = (given: Json | undefined): ReadonlyMap<string, string> => {
  const read = constraints();
  const tags = (read.list("tags", given) ?? []).map((tag) => {
    const { Key, Value } = isObject(tag) ? tag : {};
    const key = read.text("tags.key", Key, { most: 128 });
    const value = read.text("tags.value", Value, { least: 0, most: 256 });
    read.required("tags.key", key);
    read.required("tags.value", value);
    return [key ?? "", value ?? ""] as const;
  });
  read.check();
  return checkCount(new Map(tags));
};

/** @throws AwsError `ValidationException` for more tags than a resource may have */
export const checkCount = (tags: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  if (tags.size > MOST_TAGS) throw invalid(`A schedule group has at most ${MOST_TAGS} tags.`);
  return tags;
};

/** The group that a `{ResourceArn}` names, and its ARN. Only groups have tags. */
export const taggedGroup = (
  { parameters }: RestInput,
  { arns, book }: SchedulerApi,
): { readonly arn: string; find(): ScheduleGroup } => {
  const arn = parameters("ResourceArn");
  return {
    arn,
    find: () => {
      const name = arn.split("/").at(-1) ?? "";
      if (arn !== arns.group(name)) throw invalid(`${arn} is not the ARN of a schedule group.`);
      return book.group(name);
    },
  };
};
