// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Attributes.html
import type { DynaliteRequest } from "./dynalite-types.ts";
import { validationError } from "./dynamo-error.ts";

// Measured on AWS: 4294967294 is taken, the next is refused. https://github.com/floci-io/floci/issues/3073
const MAX_LIST_INDEX = 4_294_967_294;

// An expression holds no other brackets: what is text stands in ExpressionAttributeValues.
const INDEX = /\[\s*(\d+)/g;

/**
 * Checks the list indexes of an expression.
 * @throws AwsError `ValidationException`
 */
export const checkListIndexes = (member: string, expression: string): void => {
  for (const [, index = ""] of expression.matchAll(INDEX)) {
    if (Number(index) <= MAX_LIST_INDEX) continue;
    throw validationError(
      `Invalid ${member}: List index is not within the allowable range; index: [${index}]`,
    );
  }
};

// An item of 400 KB holds no list of so many elements.
const BEYOND_EVERY_LIST = 409_600;

/**
 * Moves the indexes that are beyond every list closer, in their order, for each of them means the end of its list.
 * dynalite walks from the end to the index: to 2000000000 that takes a minute and a half.
 */
export const moveFarIndexes = ({ _updates: updates }: DynaliteRequest): void => {
  const paths = updates?.sections.map(({ path }) => path) ?? [];
  const far = [...new Set(paths.flat().filter(isFar))].toSorted((a, b) => a - b);
  if (far.length === 0) return;
  for (const path of paths) {
    for (const [at, step] of path.entries()) {
      if (isFar(step)) path[at] = BEYOND_EVERY_LIST + far.indexOf(step);
    }
  }
};

const isFar = (step: string | number): step is number =>
  typeof step === "number" && step >= BEYOND_EVERY_LIST;
