import { counted } from "#domain/counted.ts";
import type { EntityReport, SceneReport } from "./convert-scenes.ts";

/** What became of every scene, and of each entity that was not taken over whole, for a person to read. */
export const reportLines = (reports: readonly SceneReport[]): readonly string[] => [
  ...reports.flatMap((report) => [
    `${place(report)}${report.name}: ${report.became}${report.because === undefined ? "" : `, ${report.because}`}`,
    ...report.entities.filter(({ became }) => became !== "imported").map(entityLine),
  ]),
  `${counted(reports.length, "scene")}: ${(["imported", "partly", "skipped"] as const)
    .map((became) => `${reports.filter((one) => one.became === became).length} ${became}`)
    .join(", ")}.`,
];

const entityLine = (report: EntityReport): string =>
  `${place(report)}  ${report.entity}: ${report.became}, ${report.because.join("; ")}`;

const place = ({ line }: { readonly line?: number }): string =>
  `${String(line ?? "").padStart(5)}  `;
