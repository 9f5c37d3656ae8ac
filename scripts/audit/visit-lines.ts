import { spelt } from "#domain/printable.ts";

type Item = Readonly<Record<string, unknown>>;

/** A look at the home in one line: when, who, why, at what. */
export const visitLine = (item: Item): string => {
  const subject = item.subject === undefined ? "" : ` ${JSON.stringify(item.subject)}`;
  const why = item.reason === undefined ? "no reason given" : JSON.stringify(item.reason);
  return spelt(
    `${String(item.at)}  ${whoOf(item)} (${String(item.role)})  ${String(item.tool)}${subject}  ${why}`,
  );
};

/** The columns of looks as CSV, and a look's cells. */
export const VISIT_COLUMNS = ["at", "who", "role", "tool", "subject", "reason"] as const;

export const visitCells = (item: Item): readonly string[] => [
  String(item.at),
  whoOf(item),
  ...["role", "tool", "subject", "reason"].map((name) =>
    item[name] === undefined ? "" : String(item[name]),
  ),
];

const whoOf = (item: Item): string => String(item.username ?? item.clientId);
