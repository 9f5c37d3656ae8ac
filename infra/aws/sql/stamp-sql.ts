const SECONDS_OF_A_DAY = 24 * 60 * 60;

/**
 * The stamp of a record that a rule writes, as functions/domain/audit/stamp.ts makes it: `shard` is an expression for one
 * of sixteen hexadecimal digits. `timestamp`, without brackets, is the shadow's own, in seconds; `+` of two whole numbers
 * is one. (Without a third argument parse_time is in UTC.)
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-parse-time
 */
export const stampSql = (shard: string, retentionDays: number): string =>
  [
    "timestamp() AS recordedAt",
    `concat(parse_time('yyyy-MM-dd', timestamp()), '#', ${shard}) AS seal`,
    `timestamp + ${retentionDays * SECONDS_OF_A_DAY} AS expiresAt`,
  ].join(",\n  ");
