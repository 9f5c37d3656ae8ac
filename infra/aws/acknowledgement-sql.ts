import { FORMAT } from "#domain/format.ts";

/**
 * Picks, from everything that happens to a shadow, the moment in which a device reports a command that it had not
 * reported before, and shapes it into an audit record: what was asked, and the state before and after.
 *
 * The thing's name is taken from the topic and not from the message, so that a device can only ever acknowledge for
 * itself. The two keys are deterministic, so that a message delivered twice is one record.
 *
 * A device's first report has no command before it, and a comparison with Undefined is Undefined, as is `true OR
 * Undefined`; `nanvl` gives the default for an Undefined first argument, whatever its type.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html (which knows no comments)
 */
export const ACKNOWLEDGEMENT_SQL = `
SELECT
  concat('RUN#', current.state.reported.command.run) AS PK,
  concat('ACK#', topic(3), '#', current.state.reported.command.stage) AS SK,
  ${FORMAT} AS v,
  topic(3) AS thing,
  current.state.reported.command AS command,
  previous.state.reported AS before,
  current.state.reported AS after,
  current.state.desired AS asked,
  current.metadata.desired.command.id.timestamp AS askedAt,
  timestamp() AS acknowledgedAt,
  current.version AS version
FROM '$aws/things/+/shadow/update/documents'
WHERE NOT isUndefined(current.state.reported.command.run)
  AND current.state.reported.command.id <> nanvl(previous.state.reported.command.id, '')
`.trim();
