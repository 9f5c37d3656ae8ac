import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { httpPost } from "#adapters/http-post.ts";
import { startScriptedServer } from "../../support/scripted-server.ts";

const post = (url: string, limits: { readonly connectMs?: number; readonly totalMs?: number }) =>
  httpPost({ url, headers: {}, body: "{}", connectMs: 5000, totalMs: 5000, ...limits });

test("a server that takes a request and never answers is not waited for", async () => {
  const server = await startScriptedServer(() => undefined);
  onTestFinished(() => server.close());

  await expect(post(server.origin, { totalMs: 50 })).rejects.toMatchObject({
    code: "ETIMEDOUT",
    message: "No answer within 50 ms.",
  });
});

test("a port that takes connections and speaks no TLS is not waited for", async () => {
  const silent: Server = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;

  await expect(post(`https://127.0.0.1:${port}`, { connectMs: 50 })).rejects.toMatchObject({
    code: "ETIMEDOUT",
    message: "No connection within 50 ms.",
  });
});
