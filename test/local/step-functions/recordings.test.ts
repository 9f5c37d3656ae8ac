// Executions that LocalStack's test suite recorded against AWS, replayed through the API. (recordings/NOTICE.txt)
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { detailsOf, eventTypes, handlersOf, isAsRecorded, recordings } from "./recordings.ts";
import { type Ended, startTestAws } from "./support.ts";

interface KnownDifference {
  readonly id: string;
  readonly reason: string;
}

const known = JSON.parse(
  readFileSync(new URL("./known-differences.json", import.meta.url), "utf8"),
) as readonly KnownDifference[];

describe("executions recorded on AWS", () => {
  // REQ: interpreter-as-recorded
  test("there are 90 of them, and at most two known differences", () => {
    expect(recordings).toHaveLength(90);
    expect(known.length).toBeLessThanOrEqual(2);
    expect(known.filter(({ id }) => !recordings.some((one) => one.id === id))).toEqual([]);
  });

  // The id is the name that the recording has in LocalStack's suite.
  test.each(recordings.map((one) => [one.id, one] as const))("%s", async (_id, recording) => {
    const aws = await startTestAws({ functions: handlersOf(recording) });

    const ended = await aws.run(recording.definition, recording.input);
    await aws.close();

    const difference = differenceOf(recording, ended);
    const expected = known.find(({ id }) => id === recording.id);
    if (expected === undefined) expect(difference).toBeUndefined();
    // A known difference that is none any more has to leave the list.
    else expect(difference, `${recording.id} is as recorded: take it off`).toBeDefined();
  });
});

const differenceOf = (recording: (typeof recordings)[number], ended: Ended): unknown => {
  const { expected, events } = recording;
  const { status, output, error = null, cause = null } = ended.description;
  if (status !== expected.status) return { status, error, cause };
  if (status === "SUCCEEDED" && !isAsRecorded(expected.output, output)) return { output };
  if (!isAsRecorded(expected.error ?? null, error)) return { error };
  if (!isAsRecorded(expected.cause ?? null, cause)) return { cause };
  const types = eventTypes(ended.events);
  if (!isAsRecorded(eventTypes(events), types)) return { types };
  const index = events.findIndex(
    (event, at) => !isAsRecorded(detailsOf(event), detailsOf(ended.events[at] ?? { type: "" })),
  );
  return index < 0 ? undefined : { recorded: events[index], actual: ended.events[index] };
};
