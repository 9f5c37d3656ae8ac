import type { Capabilities, FoundDevice } from "#bridges/core/bridge.ts";
import type { BridgeFile } from "#bridges/core/bridge-file.ts";
import { isPrintable, spelt } from "#domain/printable.ts";
import { shellWord } from "../command/shell-word.ts";

/** What a hub has, a device a line and what it can be asked for below it; `command` is a command line without --add. */
export const deviceLines = (
  found: readonly FoundDevice[],
  { devices }: BridgeFile,
  command: string,
): readonly string[] => {
  const ids = new Map(Object.entries(devices).map(([id, address]) => [address, id]));
  const lines = found.flatMap((device) => {
    const { address, name, room, groups, model, capabilities, trouble, isOnline } = device;
    const id = ids.get(address);
    const what = [capabilities?.kind ?? "not for scenes", model, address]
      .filter(Boolean)
      .join(", ");
    const place = [
      ...(room === undefined ? [] : [`room ${room}`]),
      ...(groups.length === 0 ? [] : [`groups ${groups.join(", ")}`]),
    ].join("; ");
    const more = [
      ...(place === "" ? [] : [`    ${place}`]),
      ...(trouble === undefined ? [] : [`    ${trouble}`]),
      ...(isOnline ? [] : ["    it is offline"]),
      ...(capabilities === undefined ? [] : abilityLines(capabilities)),
      ...(id !== undefined
        ? [`    it is ${id} of the home`]
        : capabilities === undefined
          ? []
          : [`    ${command} --add ${shellWord(addedBy(device))}`]),
    ];
    return [`${name}  (${what})`, ...more];
  });
  const gone = Object.entries(devices).filter(
    ([, address]) => !found.some((one) => one.address === address),
  );
  return [
    ...lines,
    ...gone.map(([id, address]) => `${id} (${address}) is not at the hub any more`),
  ].map(spelt);
};

/** What --add finds it by: its name, or its address where the name is no word for a command line. */
const addedBy = ({ name, address }: FoundDevice): string =>
  isPrintable(name) && name !== "" && name !== "ALL" && !name.startsWith("-") ? name : address;

const abilityLines = ({ fields, senses, evidence, isSleepy }: Capabilities): readonly string[] => [
  ...Object.entries(fields).map(([field, { range, step }]) =>
    step === undefined ? `    ${field}: ${range}` : `    ${field}: ${range}, in steps of ${step}`,
  ),
  ...(senses.length === 0 ? [] : [`    senses ${senses.join(", ")}`]),
  ...(Object.keys(fields).length === 0
    ? []
    : [
        `    ${EVIDENCE[evidence]}${isSleepy ? "; it sleeps, and is told nothing while it does" : ""}`,
      ]),
];

const EVIDENCE: Readonly<Record<Capabilities["evidence"], string>> = {
  read: "confirmed by reading it",
  "own word": "confirmed by its own answer, or by reading it",
  report: "confirmed by what it reports by itself",
  none: "cannot be confirmed: nobody can ask it (NOT_VERIFIABLE)",
};
