import { parseNode, type ZwaveNode } from "#bridges/zwave/server/node.ts";

/** A value as the server tells it: command class, property, key, value, and what is known of it. */
export type ToldValue = readonly [
  commandClass: number,
  property: string,
  key: string | number | undefined,
  value: unknown,
  metadata?: Readonly<Record<string, unknown>>,
];

/** A node as the server tells it, with the values of its root. */
export const aNode = (
  values: readonly ToldValue[],
  more: Readonly<Record<string, unknown>> = {},
): ZwaveNode => {
  const node = parseNode({
    nodeId: 7,
    status: 4,
    ready: true,
    isListening: true,
    isFrequentListening: false,
    endpoints: [{ nodeId: 7, index: 0, commandClasses: [] }],
    values: values.map(([commandClass, property, propertyKey, value, metadata = {}]) => ({
      commandClass,
      endpoint: 0,
      property,
      ...(propertyKey === undefined ? {} : { propertyKey }),
      value,
      metadata,
    })),
    ...more,
  });
  if (node === undefined) throw new Error("that is no node");
  return node;
};
