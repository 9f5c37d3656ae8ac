import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import type { HomeId } from "./home-id.ts";

/**
 * What stands before every thing of a stage: `dev-` for the stage `dev`, nothing for the default one. Broker, registry
 * and rules are the account's, so that two stages would share their things without it.
 */
export type ThingPrefix = "" | `${string}-`;

const PREFIX = /^([a-z][a-z0-9]{0,11}-)?$/;

const isThingPrefix = (text: string): text is ThingPrefix => PREFIX.test(text);

/** Reads a stage's prefix. @throws HomeError `EnvironmentInvalid` */
export const parseThingPrefix = (text: string): ThingPrefix => {
  if (isThingPrefix(text)) return text;
  throw new HomeError(
    "EnvironmentInvalid",
    `${shown(text)} is no prefix of things: a stage's name and "-", e.g. dev-, or nothing.`,
  );
};

/** Which home of which stage: what the names of its things are made of. */
export interface HomePlace {
  readonly home: HomeId;
  readonly thingPrefix: ThingPrefix;
}

/** The AWS IoT thing whose classic shadow is a device's, e.g. `home-front_door`, `dev-home-front_door`. */
export const thingOf = ({ home, thingPrefix }: HomePlace, device: string): string =>
  `${thingPrefix}${home}-${device}`;
