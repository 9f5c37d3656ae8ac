const packet = (first: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part !== "string") return part;
      const text = Buffer.from(part);
      return Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), text]);
    }),
  );
  if (body.length > 127) throw new Error("longer than these tests need");
  return Buffer.concat([Buffer.from([first, body.length]), body]);
};

/** MQTT 3.1.1 as bytes, for what no client would send; a text has its length before it. */
export const mqttPackets = {
  connect: (clientId: string): Buffer => packet(0x10, "MQTT", Buffer.from([4, 2, 0, 0]), clientId),
  /** QoS 1 with packet id 7. */
  publish: (topic: string, payload: string): Buffer =>
    packet(0x32, topic, Buffer.from([0, 7]), Buffer.from(payload)),
  /** QoS 1 with packet id 9. */
  subscribe: (filter: string): Buffer =>
    packet(0x82, Buffer.from([0, 9]), filter, Buffer.from([1])),
};

/** The bytes of CONNACK, hexadecimal. */
export const CONNACK = { accepted: "20020000", notAuthorized: "20020005" } as const;
