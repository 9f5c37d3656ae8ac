import { describe, expect, test } from "vitest";
import { openDatabase } from "#local/iot/database/database.ts";
import { rejectionView } from "#local/iot/shadows/shadow-rejection.ts";
import type { ShadowAnswer } from "#local/iot/shadows/shadow-service.ts";
import { type ShadowPublication, shadowService } from "#local/iot/shadows/shadow-service.ts";
import { shadowTable } from "#local/iot/shadows/shadow-table.ts";
import {
  compare,
  FIRST_SECOND,
  type Observed,
  payloadOf,
  type Step,
  vectors,
} from "./iot-vectors.ts";

/** The core with a table in memory: no broker, no HTTP. */
const shadowCore = (thing: string) => {
  const database = openDatabase(":memory:");
  const table = shadowTable(database);
  const published: ShadowPublication[] = [];
  let now = FIRST_SECOND;
  const shadows = shadowService({
    table,
    database,
    nowSeconds: () => now,
    publish: (publication) => published.push(publication),
  });
  const textOf = (ending: string): string | undefined => {
    const found = published.find(({ topic }) => topic.endsWith(ending));
    return found === undefined ? undefined : (found.text?.() ?? JSON.stringify(found.body()));
  };
  const answered = (answer: ShadowAnswer): Observed =>
    "accepted" in answer
      ? { accepted: JSON.stringify(answer.accepted()) }
      : { rejected: JSON.stringify(rejectionView(answer.rejection, now)) };

  return {
    take: (step: Step): Observed => {
      published.length = 0;
      const id = step.shadow === undefined ? { thing } : { thing, shadow: step.shadow };
      if (step.list) return { names: table.names(thing, "", 100) };
      if (step.get !== undefined) return answered(shadows.get(id, payloadOf(step.get)));
      if (step.delete !== undefined) return answered(shadows.remove(id, payloadOf(step.delete)));
      const answer = answered(shadows.update(id, payloadOf(step.update ?? null)));
      const documents = textOf("/update/documents");
      const delta = textOf("/update/delta");
      return {
        ...answer,
        ...(documents === undefined ? {} : { documents }),
        ...(delta === undefined ? {} : { delta }),
        published: published.map(({ topic }) => topic.split("/").at(-1) ?? topic),
      };
    },
    tick: () => {
      now += 10;
    },
    close: () => database.close(),
  };
};

describe("the shadow core agrees with", () => {
  test.for(vectors)("$name", ({ thing, steps }) => {
    const core = shadowCore(thing);

    for (const step of steps) {
      compare(core.take(step), step.expect, thing);
      core.tick();
    }

    core.close();
  });

  test("as many vectors as were written down", () => {
    expect(vectors.length).toBe(74);
  });
});
