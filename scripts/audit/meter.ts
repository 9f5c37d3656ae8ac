import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isObject } from "#domain/json.ts";

/** What a command asked of DynamoDB. */
export interface Cost {
  /** How many calls of each operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** Read and write units together, as DynamoDB itself counted them. */
  readonly units: number;
}

/** Counts, from now on, what a client asks. */
export const meter = (client: DynamoDBClient): (() => Cost) => {
  const calls = new Map<string, number>();
  let units = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next({
        ...args,
        input: { ...args.input, ReturnConsumedCapacity: "TOTAL" },
      });
      const operation = String(context.commandName).replace(/Command$/, "");
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      const { output } = result;
      units += unitsOf("ConsumedCapacity" in output ? output.ConsumedCapacity : undefined);
      return result;
    },
    { step: "initialize", name: "meter" },
  );
  return () => ({ calls, units });
};

// Of a batch and a transaction there is a list, with an entry for each table.
const unitsOf = (consumed: unknown): number => {
  const all: readonly unknown[] = Array.isArray(consumed) ? consumed : [consumed];
  return all.reduce<number>(
    (sum, one) =>
      sum + (isObject(one) && typeof one.CapacityUnits === "number" ? one.CapacityUnits : 0),
    0,
  );
};

/** A cost in one line, e.g. `cost: 2 Query, 1 GetItem, 3.5 capacity units`. */
export const costLine = ({ calls, units }: Cost): string =>
  `cost: ${[...calls].map(([operation, count]) => `${count} ${operation}`).join(", ") || "no call"}, ${units} capacity units`;
