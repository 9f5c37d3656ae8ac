// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import { isObject } from "#local/wire/json.ts";

/** One metric that CloudWatch would make of a line in its embedded metric format. */
export interface CountedMetric {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

const MOST_DIMENSIONS = 30;
const MOST_METRICS = 100;
const MOST_VALUES = 100;
const LONGEST_NAME = 1024;

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
const SIZES = ["", "Kilo", "Mega", "Giga", "Tera"];
const UNITS = new Set([
  "None",
  "Count",
  "Percent",
  "Seconds",
  "Milliseconds",
  "Microseconds",
  "Count/Second",
  ...SIZES.flatMap((size) =>
    ["Bits", "Bytes"].flatMap((what) => {
      const unit = size === "" ? what : `${size}${what.toLowerCase()}`;
      return [unit, `${unit}/Second`];
    }),
  ),
]);

/** Does a line of a function's log claim to hold metrics? Only one that is an object of JSON and nothing else can. */
export const isMetricLine = (line: string): boolean =>
  line.startsWith("{") && line.includes('"_aws"');

/**
 * The metrics of a line.
 * @throws Error saying why CloudWatch would make none of it: on AWS that happens without a word
 */
export const parseMetricLine = (line: string): readonly CountedMetric[] => {
  const root: unknown = JSON.parse(line);
  if (!isObject(root) || !isObject(root._aws)) throw wrong("it has no object _aws");
  const { Timestamp: at, CloudWatchMetrics: directives } = root._aws;
  if (typeof at !== "number" || !Number.isSafeInteger(at)) {
    throw wrong("_aws.Timestamp is no number of milliseconds");
  }
  return listOf("_aws.CloudWatchMetrics", directives).flatMap((directive) =>
    metricsOf(directive, root, at),
  );
};

const metricsOf = (
  directive: unknown,
  root: Readonly<Record<string, unknown>>,
  at: number,
): readonly CountedMetric[] => {
  if (!isObject(directive)) throw wrong("a directive is no object");
  const namespace = nameOf("Namespace", directive.Namespace);
  const sets = listOf("Dimensions", directive.Dimensions).map((set) => dimensionsOf(set, root));
  const metrics = listOf("Metrics", directive.Metrics);
  if (metrics.length > MOST_METRICS) throw wrong(`it has more than ${MOST_METRICS} metrics`);
  return metrics.flatMap((metric) => {
    if (!isObject(metric)) throw wrong("a metric is no object");
    const name = nameOf("a metric's Name", metric.Name);
    const { Unit: unit = "None" } = metric;
    if (typeof unit !== "string" || !UNITS.has(unit)) {
      throw wrong(`the unit of ${name} is ${JSON.stringify(unit)}`);
    }
    const values = valuesOf(name, root[name]);
    return sets.map((dimensions) => ({ at, namespace, name, unit, dimensions, values }));
  });
};

const dimensionsOf = (
  set: unknown,
  root: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> => {
  const keys = listOf("a set of dimensions", set);
  if (keys.length > MOST_DIMENSIONS) throw wrong(`it has more than ${MOST_DIMENSIONS} dimensions`);
  return Object.fromEntries(
    keys.map((key) => {
      const name = nameOf("a dimension's name", key);
      const value = root[name];
      if (typeof value !== "string" || value === "" || value.length > LONGEST_NAME) {
        throw wrong(`the dimension ${name} has no text as its value`);
      }
      return [name, value];
    }),
  );
};

const valuesOf = (name: string, given: unknown): readonly number[] => {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (values.length > MOST_VALUES) throw wrong(`${name} has more than ${MOST_VALUES} values`);
  return values.map((value) => {
    if (typeof value !== "number") throw wrong(`${name} has ${JSON.stringify(value)} as a value`);
    return value;
  });
};

const listOf = (what: string, value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw wrong(`${what} is no list`);
};

const nameOf = (what: string, value: unknown): string => {
  if (typeof value === "string" && value !== "" && value.length <= LONGEST_NAME) return value;
  throw wrong(`${what} is no text of 1 to ${LONGEST_NAME} characters`);
};

const wrong = (why: string): Error => new Error(`${why}.`);
