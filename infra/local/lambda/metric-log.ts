// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
import { type FunctionLog, openLogFile } from "./function-log.ts";
import { isMetricLine, parseMetricLine } from "./metric-line.ts";

/** What functions count by lines of their logs, kept as CloudWatch would read it: one line of metrics.jsonl for each metric. */
export interface MetricLog {
  /** Takes what a function printed, whole lines, and keeps the metrics in it. */
  read(functionName: string, lines: string): void;
  close(): Promise<void>;
}

/** Opens metrics.jsonl in the directory, or a log that keeps nothing; `log` is told of a line that makes no metric. */
export const openMetricLog = (
  directory: string | undefined,
  log: (line: string) => void,
): MetricLog => {
  const file: FunctionLog = openLogFile(directory, "metrics.jsonl");
  return {
    read: (functionName, lines) => {
      for (const line of lines.split("\n").filter(isMetricLine)) {
        try {
          for (const metric of parseMetricLine(line)) file.write(`${JSON.stringify(metric)}\n`);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          log(`CloudWatch would make no metric of a line of ${functionName}: ${why}`);
        }
      }
    },
    close: () => file.close(),
  };
};
