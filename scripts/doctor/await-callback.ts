import { createServer } from "node:http";
import { Problem } from "../command/problem.ts";

const WAIT_MS = 5 * 60_000;

/**
 * Listens at a loopback address until a browser comes with `code` or `error`, and gives the query it came with; nothing
 * after five minutes. `ready` is called once it listens.
 * @throws Problem when it cannot listen there
 */
export const awaitCallback = async (
  callback: string,
  ready: () => void,
): Promise<URLSearchParams | undefined> => {
  const { hostname, port, pathname } = new URL(callback);
  const server = createServer();
  const answer = new Promise<URLSearchParams | undefined>((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), WAIT_MS);
    server.once("close", () => clearTimeout(timer));
    server.once("error", (cause) =>
      reject(new Problem(`Cannot listen at ${callback}: ${cause.message}.`, { cause })),
    );
    server.on("request", (request, response) => {
      const url = new URL(request.url ?? "/", callback);
      const isAnswer =
        url.pathname === pathname &&
        (url.searchParams.has("code") || url.searchParams.has("error"));
      response.writeHead(isAnswer ? 200 : 404, {
        "content-type": "text/plain; charset=utf-8",
        connection: "close",
      });
      response.end(isAnswer ? "Done. The doctor goes on in the terminal.\n" : "Not here.\n");
      if (isAnswer) resolve(url.searchParams);
    });
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ""), ready);
  });
  try {
    return await answer;
  } finally {
    server.close();
    server.closeAllConnections();
  }
};
