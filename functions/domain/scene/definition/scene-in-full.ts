import type { Scene } from "#domain/home/scene.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { DEFAULT_RULES, type SceneRules } from "#domain/scene/scene-rules.ts";

/** What a scene asks for, what its caller may say, and what it says otherwise, in the words of a definition. */
export const sceneInFull = (scene: Scene) => ({
  ...(scene.parameters === undefined ? {} : { parameters: scene.parameters }),
  stages: scene.stages.map((stage) => ({
    name: stage.name,
    devices: Object.fromEntries(
      Object.entries(stage.devices).map(([id, want]) => [id, describeWantedState(want)]),
    ),
    required: stage.required,
    ...(stage.when === undefined ? {} : { when: stage.when }),
    ...(stage.deviceWhen === undefined ? {} : { devices_when: stage.deviceWhen }),
    ...(stage.fromParameters === undefined ? {} : { from_parameters: stage.fromParameters }),
  })),
  ...(scene.rules === undefined ? {} : { rules: rulesSaid(scene.rules) }),
  ...(scene.approval === undefined ? {} : { approval: scene.approval }),
  ...(scene.schedules === undefined ? {} : { schedules: scene.schedules }),
});

// Only what differs from the defaults is of interest.
const rulesSaid = ({ onConflict, onPartial, retry, expiresSeconds, holdSeconds }: SceneRules) => ({
  ...(onConflict === DEFAULT_RULES.onConflict ? {} : { on_conflict: onConflict }),
  ...(onPartial === DEFAULT_RULES.onPartial ? {} : { on_partial: onPartial }),
  ...(retry === DEFAULT_RULES.retry ? {} : { retry }),
  ...(expiresSeconds === undefined ? {} : { expires: `${expiresSeconds}s` }),
  ...(holdSeconds === DEFAULT_RULES.holdSeconds ? {} : { hold: `${holdSeconds}s` }),
});
