// The shapes that go in and out of dynalite 4.0.0, which is plain JavaScript.

/** One attribute's value as it goes over the wire, e.g. `{"S": "x"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item, a key, or a part of one. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

export type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[];

export interface SecondaryIndex {
  readonly IndexName: string;
  readonly KeySchema: KeySchema;
  readonly Projection: {
    readonly ProjectionType?: "ALL" | "KEYS_ONLY" | "INCLUDE";
    readonly NonKeyAttributes?: readonly string[];
  };
  readonly [member: string]: unknown;
}

/** A table as DescribeTable shows it; dynalite's actions read keys and indexes from it. */
export interface DynaliteTable {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: string;
  readonly KeySchema: KeySchema;
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes?: readonly SecondaryIndex[];
  readonly LocalSecondaryIndexes?: readonly SecondaryIndex[];
  readonly [member: string]: unknown;
}

/** A request whose members dynalite has checked, and to which it adds parsed expressions. */
export interface DynaliteRequest {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Key: AttributeMap;
  readonly Item: AttributeMap;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly ReturnConsumedCapacity?: string;
  readonly ConditionExpression?: string;
  readonly ProjectionExpression?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ExclusiveStartKey?: AttributeMap;
  readonly KeyConditions?: Readonly<
    Record<
      string,
      {
        readonly ComparisonOperator?: string;
        readonly AttributeValueList?: readonly AttributeValue[];
      }
    >
  >;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly Limit?: number;
  readonly ExclusiveStartTableName?: string;
  /** The update expression, parsed. */
  readonly _updates?: { readonly sections: readonly { readonly path: (string | number)[] }[] };
  readonly _condition?: { readonly nestedPaths?: Readonly<Record<string, unknown>> };
  readonly [member: string]: unknown;
}

/** dynalite's own description of an operation's parameters. */
export type ParameterTypes = Readonly<Record<string, unknown>>;

export type Done<T> = (error: unknown, value?: T) => void;

/** What dynalite's reads look for: bounds on a key, direction, count (-1: all). */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** The part of a LevelDB that dynalite's item actions use. */
export interface DynaliteDb {
  lock(key: string, run: (release: <T>(done: T) => T) => void): void;
  get(key: string, done: Done<AttributeMap>): void;
  put(key: string, item: AttributeMap, done: Done<void>): void;
  del(key: string, done: Done<void>): void;
  createValueStream(range: KeyRange): NodeJS.EventEmitter;
}

export interface DynaliteStore {
  readonly options: { readonly maxItemSize: number };
  getTable(
    name: string,
    doneOrCheck: Done<DynaliteTable> | boolean,
    done?: Done<DynaliteTable>,
  ): void;
  getItemDb(table: string): DynaliteDb;
  getIndexDb(kind: string, table: string, index: string): DynaliteDb;
}

/** One of dynalite's actions, e.g. `dynalite/actions/putItem.js`. */
export type DynaliteAction = (
  store: DynaliteStore,
  data: DynaliteRequest,
  done: (error: unknown, result?: Record<string, unknown>) => void,
) => void;

/** One of dynalite's checks, e.g. `dynalite/validations/putItem.js`. */
export interface RequestCheck {
  readonly types: ParameterTypes;
  readonly custom?: unknown;
}

/** dynalite/db/index.js */
export interface DynaliteRules {
  createKey(item: AttributeMap, table: DynaliteTable, keySchema?: KeySchema): string;
  validateKey(key: AttributeMap, table: DynaliteTable): Error | undefined;
  validateItem(item: AttributeMap, table: DynaliteTable): Error | null | undefined;
  addConsumedCapacity(
    data: DynaliteRequest,
    isRead: boolean,
    ...items: readonly (AttributeMap | undefined)[]
  ): unknown;
  /** What an item counts towards the megabyte of a page. */
  itemSize(item: AttributeMap, compress: true, addMetaSize: true, rangeKey?: string): number;
  checkConditional(data: DynaliteRequest, item: AttributeMap | undefined): Error | null | undefined;
}

/** dynalite/validations/index.js */
export interface DynaliteValidations {
  checkTypes(data: Readonly<Record<string, unknown>>, types: ParameterTypes): DynaliteRequest;
  checkValidations(
    data: DynaliteRequest,
    types: ParameterTypes,
    custom: unknown,
    store: DynaliteStore,
  ): void;
}
