import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A line to the broker on which, while it stalls, nothing comes to the device and nothing is lost. */
export const stallingLine = async (broker: URL) => {
  let held: Buffer[] | undefined;
  let toDevice: Socket | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((device) => {
    const upstream = connect({ host: broker.hostname, port: Number(broker.port) });
    for (const socket of [device, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
    }
    toDevice = device;
    device.pipe(upstream);
    upstream.on("data", (chunk: Buffer) => {
      if (held === undefined) device.write(chunk);
      else held.push(chunk);
    });
    upstream.on("close", () => device.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stall: () => {
      held = [];
    },
    goOn: () => {
      toDevice?.write(Buffer.concat(held ?? []));
      held = undefined;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
