// Zigbee Cluster Library Specification (07-5123), 2.5.1 Read Attributes and 2.5.2 Read Attributes Response.

/** What a device answers for one attribute. */
export type AttributeRows = ReadonlyMap<number, number>;

/** The payload of Zigbee2MQTT's action `raw` that reads attributes of one cluster. */
export const readRequest = (cluster: string, attributes: readonly number[]) => ({
  cluster_key: cluster,
  zcl: {
    frame_type: 0,
    direction: 0,
    command_key: "read",
    payload: attributes.map((attrId) => ({ attrId })),
  },
});

const MANUFACTURER_SPECIFIC = 0x04;
const READ_RESPONSE = 0x01;
const SUCCESS = 0;

/**
 * The attributes of a Read Attributes Response, as numbers; an attribute that the device does not have is left out.
 * Undefined when the frame is no such response, or holds a type that is none of a number.
 */
export const rowsOf = (bytes: Uint8Array): AttributeRows | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = new Map<number, number>();
  try {
    let at = (view.getUint8(0) & MANUFACTURER_SPECIFIC) === 0 ? 2 : 4;
    if (view.getUint8(at) !== READ_RESPONSE) return undefined;
    at += 1;
    while (at < view.byteLength) {
      const id = view.getUint16(at, true);
      const status = view.getUint8(at + 2);
      at += 3;
      if (status !== SUCCESS) continue;
      const read = TYPES[view.getUint8(at)];
      if (read === undefined) return undefined;
      rows.set(id, read.value(view, at + 1));
      at += 1 + read.size;
    }
    return rows;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

interface Type {
  readonly size: number;
  value(view: DataView, at: number): number;
}

const byte: Type = { size: 1, value: (view, at) => view.getUint8(at) };
const word: Type = { size: 2, value: (view, at) => view.getUint16(at, true) };

// 2.6.2 Data types: boolean, 8- and 16-bit maps, unsigned and signed integers, enumerations.
const TYPES: Readonly<Record<number, Type>> = {
  16: byte,
  24: byte,
  25: word,
  32: byte,
  33: word,
  40: { size: 1, value: (view, at) => view.getInt8(at) },
  41: { size: 2, value: (view, at) => view.getInt16(at, true) },
  48: byte,
  49: word,
};
