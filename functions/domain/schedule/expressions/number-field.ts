export const MONTH_NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
export const WEEKDAY_NAMES = "SUN MON TUE WED THU FRI SAT".split(" ");

/** What a field of numbers may hold. */
export interface NumberField {
  readonly first: number;
  readonly last: number;
  /** Names of the numbers, from `first` on. The console takes them in any case. (github.com/grumBit/aws_cron_expression_validator/issues/18) */
  readonly names?: readonly string[];
  /** May a range run over the end, as 20-2 does in the hours of the classic rules' page? A year can't. */
  readonly mayWrap: boolean;
  /** The table of fields has `/` for all but the day of the week. */
  readonly mayStep: boolean;
}

/** One number of a field, or its name; `undefined` for anything else. */
export const parseNumber = (text: string, field: NumberField): number | undefined => {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named !== -1) return field.first + named;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= field.first && number <= field.last ? number : undefined;
};

/** The numbers that a field names, ascending: `*`, `8`, `1-5`, `0/15`, a step from the first on, `10-50/20` and lists of them. */
export const parseNumbers = (text: string, field: NumberField): readonly number[] | undefined => {
  if (text === "*") return numbersOf(field.first, field.last, 1, field);
  const found = new Set<number>();
  for (const item of text.split(",")) {
    const numbers = parseItem(item, field);
    if (numbers === undefined) return undefined;
    for (const number of numbers) found.add(number);
  }
  return [...found].toSorted((a, b) => a - b);
};

const parseItem = (item: string, field: NumberField): readonly number[] | undefined => {
  const [range = "", stepText, ...more] = item.split("/");
  const step = stepText === undefined ? 1 : parseStep(stepText, field);
  if (step === undefined || more.length > 0) return undefined;
  if (range === "*") {
    // A bare * in a list says everything and something: nobody means it.
    return stepText === undefined ? undefined : numbersOf(field.first, field.last, step, field);
  }
  const [fromText = "", toText, ...rest] = range.split("-");
  const from = parseNumber(fromText, field);
  if (from === undefined || rest.length > 0) return undefined;
  if (toText === undefined) {
    // 1/10 starts at 1 and goes to the field's end.
    return numbersOf(from, stepText === undefined ? from : field.last, step, field);
  }
  const to = parseNumber(toText, field);
  if (to === undefined || (to < from && !field.mayWrap)) return undefined;
  return numbersOf(from, to, step, field);
};

// Quartz, whose syntax this is, refuses a step that leaves its field at once.
const parseStep = (text: string, field: NumberField): number | undefined => {
  if (!field.mayStep || !/^\d{1,4}$/.test(text)) return undefined;
  const step = Number(text);
  return step >= 1 && step <= field.last ? step : undefined;
};

const numbersOf = (
  from: number,
  to: number,
  step: number,
  { first, last }: NumberField,
): readonly number[] => {
  const size = last - first + 1;
  const end = to < from ? to + size : to;
  const numbers: number[] = [];
  for (let number = from; number <= end; number += step) {
    numbers.push(number > last ? number - size : number);
  }
  return numbers;
};
