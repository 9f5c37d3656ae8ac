import type { Scale } from "#bridges/core/scale.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { NodeValue } from "../server/node.ts";
import type { Members } from "../server/server-messages.ts";

/** How a device of one kind is told and asked over Z-Wave. */
export interface Way {
  readonly kind: DeviceKind;
  readonly fields: Readonly<Record<string, Scale>>;
  /** What to set, in this order. The values are the device's own. */
  writes(asked: Values): readonly Write[];
  /** What to ask the device itself. */
  readonly questions: readonly Question[];
  /** What the answers to `questions` say, each in its place; undefined stands for one that was not asked or did not come. */
  understand(answers: readonly (Members | undefined)[]): Understood;
}

/** By field, in the device's own units. */
export type Values = Readonly<Record<string, Value>>;

/** A value to set. https://zwave-js.github.io/zwave-js/#/api/node?id=setvalue */
export interface Write {
  readonly commandClass: number;
  readonly property: string;
  readonly propertyKey?: number;
  readonly value: unknown;
  readonly canFade: boolean;
}

/** A Get of a command class, whose Report has all that belongs together: where it is, where it goes, and for how long. */
export interface Question {
  readonly commandClass: number;
  readonly args: readonly number[];
  /** What its answer is about. */
  readonly fields: readonly string[];
}

/** What a device says of itself. */
export interface Understood {
  readonly values: Values;
  readonly isMoving: boolean;
}

/** The values of one endpoint of a node. */
export interface EndpointValues {
  find(commandClass: number, property: string, propertyKey?: string): NodeValue | undefined;
  /** The keys under which a property has values, e.g. the types of setpoints. */
  keys(commandClass: number, property: string): readonly string[];
}

export const NOTHING: Understood = { values: {}, isMoving: false };

/** Does a report say that the device is still on its way? */
export const isOnItsWay = (here: unknown, target: unknown, duration: unknown): boolean =>
  target !== undefined &&
  target !== null &&
  target !== here &&
  typeof duration === "object" &&
  duration !== null &&
  "value" in duration &&
  typeof duration.value === "number" &&
  duration.value > 0;
