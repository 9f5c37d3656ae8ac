import { describe, expect, test } from "vitest";
import { HomeError } from "#domain/home-error.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import { readJsonSource } from "#domain/scene/definition/read-json-source.ts";
import type { SceneSource } from "#domain/scene/definition/scene-source.ts";
import { readYamlSource } from "../../../scripts/scenes/read-yaml-source.ts";
import { A_HOME } from "../../support/scenes/a-home.ts";
import { BAD_JSON, BAD_YAML, type BadScene } from "../../support/scenes/bad-scenes.ts";

const refusal = (read: (text: string) => SceneSource, text: string): unknown => {
  try {
    return compileScene(parseDefinition(read(text)), A_HOME, 1);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    const { line, column } = error.at ?? {};
    return { code: error.code, at: line === undefined ? undefined : `${line}:${column}` };
  }
};

const expected = ({ code, at }: BadScene) => ({ code, at });

// REQ: scene-errors
describe("a bad scene in YAML gets its error where it stands", () => {
  test.each(BAD_YAML)("$what", (bad) => {
    expect(refusal(readYamlSource, bad.text)).toEqual(expected(bad));
  });
});

describe("a bad scene in JSON gets its error where it stands", () => {
  test.each(BAD_JSON)("$what", (bad) => {
    expect(refusal(readJsonSource, bad.text)).toEqual(expected(bad));
  });
});

test("there are more than a hundred bad scenes", () => {
  expect(BAD_YAML.length + BAD_JSON.length).toBeGreaterThan(100);
});
