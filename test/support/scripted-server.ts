import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server says to a request; a function may look at it first. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The answer's head and body come, and its end never does. */
  readonly staysOpen?: boolean;
};

export interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A server on a free port that answers as it is told; `undefined` is no answer at all. */
export const startScriptedServer = async (
  answer: (heard: Heard, nth: number) => Answer | undefined,
): Promise<{
  readonly origin: string;
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}> => {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString("utf8");
    });
    request.on("end", () => {
      const one = { path: request.url ?? "", headers: request.headers, body };
      heard.push(one);
      const said = answer(one, heard.length);
      if (said === undefined) return;
      response.writeHead(said.status, { "content-type": "application/json", ...said.headers });
      const text = typeof said.body === "string" ? said.body : JSON.stringify(said.body ?? {});
      if (said.staysOpen === true) response.write(text);
      else response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
