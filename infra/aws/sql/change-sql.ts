import { FORMAT } from "#domain/format.ts";
import { CAPABILITIES } from "#domain/home/vocabulary.ts";
import { thingPattern } from "./acknowledgement-sql.ts";
import { stampSql } from "./stamp-sql.ts";

/**
 * Picks the moment in which a device reports another state than before and answers no new command: somebody switched it
 * by hand, or it did so by itself. Only what a command could have set counts, so that a thermometer that reports every
 * minute writes nothing; and a device's first report has nothing that it differs from.
 *
 * `thing` and `acknowledgedAt` put the record beside the acknowledgements in the index byDevice, which answers who turned
 * this on.
 */
export const changeSql = (thingPrefix: string, retentionDays: number): string => {
  const home = `regexp_replace(topic(3), '${thingPattern(thingPrefix)}', '$1')`;
  const differs = Object.entries(CAPABILITIES)
    .flatMap(([kind, { fields }]) => Object.keys(fields).map((field) => `${kind}.${field}`))
    .map((value) => `nanvl(${now}.${value}, '') <> nanvl(${before}.${value}, '')`);
  return `
SELECT
  concat('HOME#', ${home}, '#CHANGE#', parse_time('yyyy-MM', timestamp())) AS PK,
  concat(parse_time('yyyy-MM-dd', timestamp()), 'T', parse_time('HH:mm:ss.SSS', timestamp()), 'Z#', topic(3), '#', current.version) AS SK,
  ${FORMAT} AS v,
  ${stampSql("nanvl(regexp_substr(cast(current.version AS String), '[0-9]$'), '0')", retentionDays)},
  ${home} AS home,
  'reported' AS change,
  topic(3) AS thing,
  ${before} AS before,
  ${now} AS after,
  timestamp() AS acknowledgedAt,
  current.version AS version
FROM '$aws/things/+/shadow/update/documents'
WHERE regexp_matches(topic(3), '${thingPattern(thingPrefix)}')
  AND NOT isUndefined(${before})
  AND nanvl(${now}.command.id, '') = nanvl(${before}.command.id, '')
  AND (
    ${differs.join("\n    OR ")}
  )
`.trim();
};

const now = "current.state.reported";
const before = "previous.state.reported";
