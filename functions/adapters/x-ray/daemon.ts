import { createSocket, type Socket } from "node:dgram";
import type { Json } from "#domain/json.ts";

// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
const HEADER = '{"format":"json","version":1}\n';

let socket: Socket | undefined;

/** Hands a document to X-Ray's daemon, which Lambda runs beside a function. Like any datagram it may be lost. */
export const sendToDaemon = (document: Json): void => {
  const [, host, port] = /^(.+):(\d+)$/.exec(process.env.AWS_XRAY_DAEMON_ADDRESS ?? "") ?? [];
  if (host === undefined || port === undefined) return;
  if (socket === undefined) {
    socket = createSocket("udp4");
    // A daemon that does not listen is no reason for a call to fail.
    socket.on("error", () => undefined);
    socket.unref();
  }
  socket.send(`${HEADER}${JSON.stringify(document)}`, Number(port), host);
};
