import { FORMAT } from "#domain/format.ts";
import { stampSql } from "./stamp-sql.ts";

/**
 * What a thing of the stage is called, `<home>-<device>` after the stage's prefix. The group is the home. No `-` can
 * occur in a home's or a device's id, so that a thing of another stage, which has one more or one fewer, is never one
 * of this stage.
 */
export const thingPattern = (thingPrefix: string): string =>
  `^${thingPrefix}([a-z][a-z0-9_]*)-[a-z][a-z0-9_]*$`;

/**
 * Picks, from everything that happens to a shadow, the moment in which a device reports a command that it had not
 * reported before, and shapes it into an audit record: what was asked, and the state before and after.
 *
 * The thing's name and the home are taken from the topic and not from the message, so that a device can only ever
 * acknowledge for itself, and within its own home. Of the message's own words only those make a key that have the form
 * of one: a run's id, and a whole number from 0 to 9 (`cast` makes an Int of a text too, which is not equal to it).
 *
 * No acknowledgement overwrites another: not the same command reported again, whose shadow has another version by then,
 * and not the same message delivered twice, which the rule sees at another moment. The readers take the first.
 *
 * Java's `$` is also true before a last line feed; the next line of the condition refuses that one.
 *
 * A device's first report has no command before it, and a comparison with Undefined is Undefined, as is `true OR
 * Undefined`; `nanvl` gives the default for an Undefined first argument, whatever its type.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html (which knows no comments)
 */
export const acknowledgementSql = (thingPrefix: string, retentionDays: number): string => {
  const home = `regexp_replace(topic(3), '${thingPattern(thingPrefix)}', '$1')`;
  const command = "current.state.reported.command";
  return `
SELECT
  concat('HOME#', ${home}, '#RUN#', ${command}.run) AS PK,
  concat('ACK#', topic(3), '#', ${command}.stage, '#', current.version, '#', timestamp()) AS SK,
  ${FORMAT} AS v,
  ${stampSql(`nanvl(regexp_substr(${command}.run, '[0-9a-f]'), '0')`, retentionDays)},
  ${home} AS home,
  topic(3) AS thing,
  ${command} AS command,
  previous.state.reported AS before,
  current.state.reported AS after,
  current.state.desired AS asked,
  current.metadata.desired.command.id.timestamp AS askedAt,
  timestamp() AS acknowledgedAt,
  current.version AS version
FROM '$aws/things/+/shadow/update/documents'
WHERE regexp_matches(topic(3), '${thingPattern(thingPrefix)}')
  AND regexp_matches(${command}.run, '^run_[0-9a-hjkmnp-tv-z]{20}$')
  AND NOT regexp_matches(${command}.run, '[^0-9a-z_]')
  AND ${command}.stage = cast(${command}.stage AS Int)
  AND ${command}.stage >= 0
  AND ${command}.stage <= 9
  AND ${command}.id <> nanvl(previous.state.reported.command.id, '')
`.trim();
};
