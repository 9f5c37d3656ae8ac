// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
import { createHash } from "node:crypto";
import { isObject, type Json } from "#local/wire/json.ts";
import { invalidParameter } from "./sqs-error.ts";

/** An attribute of a message; a binary value is in base64. */
export type MessageAttribute =
  | { readonly DataType: string; readonly StringValue: string }
  | { readonly DataType: string; readonly BinaryValue: string };

const NAME = /^(?!aws\.|amazon\.)[A-Za-z0-9_\-.]{1,256}$/i;
const MOST = 10;

/** Reads the attributes of a message. @throws AwsError `InvalidParameterValue` */
export const parseAttributes = (given: Json | undefined): ReadonlyMap<string, MessageAttribute> => {
  if (given === undefined || given === null) return new Map();
  if (!isObject(given)) throw invalidParameter("MessageAttributes is not a map.");
  const entries = Object.entries(given);
  if (entries.length > MOST) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST}].`,
    );
  }
  return new Map(entries.map(([name, value]) => [name, parseAttribute(name, value)]));
};

const parseAttribute = (name: string, given: Json): MessageAttribute => {
  const { DataType: type, StringValue: text, BinaryValue: binary } = isObject(given) ? given : {};
  if (!NAME.test(name))
    throw invalidParameter(`The message attribute name '${name}' is not valid.`);
  if (typeof type !== "string" || !/^(String|Number|Binary)(\..+)?$/.test(type)) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (type.startsWith("Binary")) {
    if (typeof binary === "string" && binary !== "") return { DataType: type, BinaryValue: binary };
  } else if (typeof text === "string" && text !== "") {
    return { DataType: type, StringValue: text };
  }
  throw invalidParameter(
    `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`,
  );
};

/** Attributes that this program wrote. */
export const parseStored = (text: string): ReadonlyMap<string, MessageAttribute> =>
  new Map(JSON.parse(text) as readonly (readonly [string, MessageAttribute])[]);

export const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

/** The digest by which a client sees that its attributes arrived: names in order, each with type and value. */
export const md5OfAttributes = (attributes: ReadonlyMap<string, MessageAttribute>): string => {
  const sized = (bytes: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    return Buffer.concat([size, bytes]);
  };
  const parts = [...attributes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, attribute]) => [
      sized(Buffer.from(name)),
      sized(Buffer.from(attribute.DataType)),
      ...("StringValue" in attribute
        ? [Buffer.of(1), sized(Buffer.from(attribute.StringValue))]
        : [Buffer.of(2), sized(Buffer.from(attribute.BinaryValue, "base64"))]),
    ]);
  return md5(Buffer.concat(parts));
};

/** What attributes add to the size of a message. */
export const bytesOfAttributes = (attributes: ReadonlyMap<string, MessageAttribute>): number =>
  [...attributes].reduce(
    (sum, [name, attribute]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(attribute.DataType) +
      ("StringValue" in attribute
        ? Buffer.byteLength(attribute.StringValue)
        : Buffer.byteLength(attribute.BinaryValue, "base64")),
    0,
  );
