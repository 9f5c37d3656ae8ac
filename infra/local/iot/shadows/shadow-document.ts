// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
import type { JsonObject } from "#local/wire/json.ts";
import type { JsonBuilder } from "../messages/json.ts";

/** `desired` and `reported`; a section without members is absent. */
export interface ShadowSections {
  readonly desired?: JsonObject;
  readonly reported?: JsonObject;
}

/** A shadow as it is stored: its state, when each leaf was written (epoch seconds, same shape), its version. */
export interface ShadowDocument {
  readonly state: ShadowSections;
  readonly metadata: ShadowSections;
  readonly version: number;
}

/** What remains of a deleted shadow: a shadow created again within 48 hours goes on counting. */
export interface ShadowTombstone {
  readonly version: number;
  readonly deletedAtSeconds: number;
}

/** Sections as a JSON object. */
export const sectionsView = (sections: ShadowSections): JsonBuilder => ({
  ...(sections.desired === undefined ? {} : { desired: sections.desired }),
  ...(sections.reported === undefined ? {} : { reported: sections.reported }),
});

/** A document as `update/documents` carries it. */
export const documentView = (document: ShadowDocument): JsonObject => ({
  state: sectionsView(document.state),
  metadata: sectionsView(document.metadata),
  version: document.version,
});
