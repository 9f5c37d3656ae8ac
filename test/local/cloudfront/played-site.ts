import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SmarthomeScenesProps } from "#aws/smarthome-scenes.ts";
import { synthesize } from "#aws/synthesize.ts";
import { type Addresses, createAddresses } from "#local/stack/addresses.ts";
import { type Declared, readDeclared } from "#local/stack/declared.ts";
import { startDistribution } from "#local/stack/start-distribution.ts";

export const IDENTITY = {
  region: "us-east-1",
  accountId: "000000000000",
  stackName: "SmarthomeScenes",
  masterSecret: "secret",
} as const;

/** The stack as it is synthesized, every name resolved. */
export const declaredStack = (props: SmarthomeScenesProps = {}): Declared => {
  const directory = mkdtempSync(join(tmpdir(), "console-site-"));
  try {
    synthesize(directory, props, { bundle: false, validate: false });
    return readDeclared(directory, IDENTITY);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

/** What came back over the wire. */
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** A site with files of its own and a gateway that a test plays. */
export interface PlayedSite {
  readonly url: string;
  readonly addresses: Addresses;
  readonly logged: readonly string[];
  /** Sends a path as it is written: fetch would take its dots out. */
  get(path: string, options?: Asked): Promise<Got>;
  close(): Promise<void>;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Starts the stack's distribution before a gateway that answers as `gateway` does. */
export const startPlayedSite = async (
  declared: Declared,
  gateway: RequestListener,
  files: Readonly<Record<string, string>> = {},
): Promise<PlayedSite> => {
  const logged: string[] = [];
  const origin = createServer(gateway);
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const addresses = createAddresses();
  const gatewayUrl = declared.outputs().get("GatewayUrl") ?? "";
  const { port } = origin.address() as AddressInfo;
  addresses.add(new URL(gatewayUrl).origin, `http://localhost:${port}`);
  const site = await startDistribution(
    { identity: IDENTITY, declared, addresses, log: (line) => logged.push(line) },
    {
      port: 0,
      readObject: async (_bucket, key) => {
        const text = files[key];
        if (text === undefined) return undefined;
        return { headers: { "content-type": "text/html", etag: '"1"' }, body: Buffer.from(text) };
      },
    },
  );
  return {
    url: site.url,
    addresses,
    logged,
    get: (path, asked = {}) => ask(site.url, path, asked),
    close: async () => {
      await site.close();
      origin.closeAllConnections();
      await new Promise((resolve) => origin.close(resolve));
    },
  };
};

const ask = (url: string, path: string, { method, headers, body }: Asked): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request(
      { hostname, port, path, method: method ?? "GET", headers: { ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
