import type { Readable } from "node:stream";

/**
 * Lets `read()` give all that has come, as it does up to Node 24. Since Node 26 it gives one piece, and aedes, which
 * reads once for each "readable", would wait for ever for the rest of a packet that came in two.
 * https://nodejs.org/api/stream.html#readablereadsize
 */
export const readWhole = <Stream extends Readable>(stream: Stream): Stream => {
  const read = stream.read.bind(stream) as (size?: number) => unknown;
  stream.read = (size?: number | null): unknown => {
    if (size !== undefined && size !== null) return read(size);
    const pieces: Buffer[] = [];
    for (;;) {
      const piece = read();
      if (!Buffer.isBuffer(piece)) break;
      pieces.push(piece);
    }
    return pieces.length > 1 ? Buffer.concat(pieces) : (pieces[0] ?? null);
  };
  return stream;
};
