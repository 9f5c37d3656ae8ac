const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d(?::\d\d)?)$/;

/**
 * Reads an ISO 8601 date and time with an offset, as AWS's Wait does: seconds count, fractions are cut off.
 * Answers undefined for anything else, a 25th hour or the 30th of February among it.
 */
export const parseTimestamp = (text: string): number | undefined => {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", offset] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = Date.parse(`${local}Z`);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== local) return undefined;
  return asUtc - offsetMs(offset ?? "Z");
};

const offsetMs = (offset: string): number => {
  if (offset === "Z") return 0;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  const size = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return offset.startsWith("-") ? -size : size;
};
