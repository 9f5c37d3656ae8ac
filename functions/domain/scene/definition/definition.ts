import type { Parameters } from "#domain/scene/parameter.ts";
import type { SceneRules } from "#domain/scene/scene-rules.ts";
import type { Path, SceneSource } from "./scene-source.ts";

/** A scene as somebody wrote it: names not looked up yet, states not understood yet. */
export interface Definition {
  readonly source: SceneSource;
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly parameters: Parameters;
  /** Of the whole scene. */
  readonly when?: Condition;
  readonly stages: readonly StageDefinition[];
  readonly rules: SceneRules;
  /** The devices that need a person's approval, whatever is asked of them; `true` is all of the scene. */
  readonly approval: true | readonly Named[];
  readonly schedules?: false;
}

export interface StageDefinition {
  readonly path: Path;
  readonly name: string;
  readonly wishes: readonly Wish[];
  readonly required: true | readonly Named[];
  readonly transitionSeconds: number;
  readonly when?: Condition;
}

/** A name of a device or of several, and where it stands. */
export interface Named {
  readonly name: string;
  readonly path: Path;
}

/** One state, wanted of one device or of all that a name means. */
export interface Wish extends Named {
  /** Named by itself, it holds against a wish of several that has the same device in it. */
  readonly isOfOne: boolean;
  /** Only the devices of this kind. */
  readonly kind?: string;
  readonly state: unknown;
  readonly statePath: Path;
  readonly when?: Condition;
  readonly required?: boolean;
  readonly windowSeconds?: number;
  readonly transitionSeconds?: number;
}

/** A condition that was not read yet. */
export interface Condition {
  readonly value: unknown;
  readonly path: Path;
}
