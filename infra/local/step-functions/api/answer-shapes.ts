// What services answer, as far as a mock in their place is held against it. The members' names are those of Step Functions,
// in Pascal case: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html

/** The shape of a value. */
export type Shape = "string" | "number" | "object" | { readonly listOf: Shape } | Structure;

/** An object whose members are known. */
export interface Structure {
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

const structure = (
  members: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Structure => ({ members, required });

const strings = (...names: readonly string[]): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.map((name) => [name, "string"]));

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
const CAPACITY = structure({
  CapacityUnits: "number",
  ReadCapacityUnits: "number",
  TableName: "string",
  WriteCapacityUnits: "number",
});
const WRITTEN = structure({
  Attributes: "object",
  ConsumedCapacity: CAPACITY,
  ItemCollectionMetrics: "object",
});
const FOUND = structure({
  ConsumedCapacity: CAPACITY,
  Count: "number",
  Items: { listOf: "object" },
  LastEvaluatedKey: "object",
  ScannedCount: "number",
});

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
const DYNAMODB: Readonly<Record<string, Structure>> = {
  batchGetItem: structure({
    ConsumedCapacity: { listOf: CAPACITY },
    Responses: "object",
    UnprocessedKeys: "object",
  }),
  batchWriteItem: structure({
    ConsumedCapacity: { listOf: CAPACITY },
    ItemCollectionMetrics: "object",
    UnprocessedItems: "object",
  }),
  deleteItem: WRITTEN,
  getItem: structure({ ConsumedCapacity: CAPACITY, Item: "object" }),
  putItem: WRITTEN,
  query: FOUND,
  scan: FOUND,
  transactGetItems: structure({
    ConsumedCapacity: { listOf: CAPACITY },
    Responses: { listOf: "object" },
  }),
  transactWriteItems: structure({
    ConsumedCapacity: { listOf: CAPACITY },
    ItemCollectionMetrics: "object",
  }),
  updateItem: WRITTEN,
};

const SHAPES: Readonly<Record<string, Readonly<Record<string, Structure>>>> = {
  dynamodb: DYNAMODB,
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
  events: {
    putEvents: structure({
      Entries: { listOf: structure(strings("ErrorCode", "ErrorMessage", "EventId")) },
      FailedEntryCount: "number",
    }),
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  lambda: {
    invoke: structure({
      ...strings("ExecutedVersion", "FunctionError", "LogResult"),
      StatusCode: "number",
    }),
  },
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  sns: { publish: structure(strings("MessageId", "SequenceNumber")) },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  sqs: {
    sendMessage: structure(
      strings(
        "MD5OfMessageAttributes",
        "MD5OfMessageBody",
        "MD5OfMessageSystemAttributes",
        "MessageId",
        "SequenceNumber",
      ),
    ),
  },
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html; a time is a text.
  states: {
    startExecution: structure(strings("ExecutionArn", "StartDate"), ["ExecutionArn", "StartDate"]),
  },
};

const INTEGRATION = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:(?:aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)$/;

/** What the service behind a Task's Resource answers, or undefined where it is not known here. */
export const answerShape = (resource: string): Structure | undefined => {
  const [, service = "", action = ""] = INTEGRATION.exec(resource) ?? [];
  const actions = Object.hasOwn(SHAPES, service) ? SHAPES[service] : undefined;
  return actions !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
};
