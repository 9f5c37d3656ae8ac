import { HomeError, type HomeErrorCode } from "#domain/home-error.ts";

/** Where in a definition something stands, by its members, e.g. `["entities", "light.hall", "brightness"]`. */
export type Path = readonly (string | number)[];

/** Counted from 1, as editors do. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A definition as its text says it, and where each part of it stands. */
export interface SceneSource {
  readonly value: unknown;
  positionOf(path: Path): TextPosition | undefined;
}

/** More is no scene that a person wrote. */
export const MAX_TEXT_LENGTH = 256_000;
/** Lists and objects within one another. */
export const MAX_DEPTH = 24;
/** Values of a definition, aliases followed: 200 devices with every attribute that an editor stores. */
export const MAX_VALUES = 20_000;

/** What is wrong at a place of a definition. */
export const problemAt = (
  source: Pick<SceneSource, "positionOf">,
  code: HomeErrorCode,
  path: Path,
  what: string,
): HomeError => {
  const position = source.positionOf(path);
  const place = path.length === 0 ? undefined : path.join(".");
  const where =
    position === undefined
      ? place
      : `line ${position.line}, column ${position.column}${inMember(place)}`;
  return new HomeError(code, `${where === undefined ? "" : `${where}: `}${what}`, {
    at: { path: place ?? "", ...position },
  });
};

const inMember = (place: string | undefined): string => (place === undefined ? "" : ` (${place})`);
