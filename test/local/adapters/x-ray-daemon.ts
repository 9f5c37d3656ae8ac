import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, vi } from "vitest";

/** X-Ray's daemon, which keeps what it is sent; the functions' variables lead to it until the test is over. */
export const startDaemon = async () => {
  const heard: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (datagram) => heard.push(datagram.toString("utf8")));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", `127.0.0.1:${(socket.address() as AddressInfo).port}`);
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "home");
  vi.stubEnv("AWS_REGION", "us-east-1");
  return {
    /** So many documents, in the order in which they began. */
    documents: async (count: number): Promise<readonly Record<string, unknown>[]> => {
      await expect.poll(() => heard.length).toBe(count);
      return heard
        .map((text) => {
          const [header, document = ""] = text.split("\n");
          expect(header).toBe('{"format":"json","version":1}');
          return JSON.parse(document) as Record<string, unknown>;
        })
        .sort((a, b) => Number(a.start_time) - Number(b.start_time));
    },
    heard,
  };
};
