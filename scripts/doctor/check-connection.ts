import type { Check, Finding } from "./diagnosis.ts";
import type { Exchange, Trouble } from "./exchange.ts";
import { INITIALIZE, mcpRequest } from "./mcp-request.ts";

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Name, TLS and connection: the request without a token that every client makes first. */
export const checkConnection: Check = async (walk) => {
  const { hostname, protocol } = new URL(walk.url);
  const first = await walk.send(mcpRequest(walk.url, INITIALIZE));
  if (first.response === undefined) return [unreachable(hostname, first)];
  walk.first = first;
  const { status, headers } = first.response;
  if (status >= 300 && status < 400) {
    return [
      {
        code: "Redirected",
        status: "failure",
        summary: `The server sends ${walk.url} on to ${headers.location ?? "nowhere"}. A POST does not survive that, and tokens are not sent along.`,
        fix: `Enter the address that it leads to (${headers.location ?? "see the server's configuration"}), or let the server answer at ${walk.url} itself.`,
        exchange: first,
      },
    ];
  }
  const isLocal = LOOPBACK.test(hostname);
  if (protocol === "http:" && !isLocal) {
    return [
      {
        code: "NotHttps",
        status: "failure",
        summary: `${walk.url} is plain HTTP: Claude does not connect, and a token would be sent in the clear.`,
        fix: `Put TLS in front of ${hostname} and enter the https:// address.`,
        exchange: first,
      },
    ];
  }
  return [
    {
      code: "Reachable",
      status: "ok",
      summary: isLocal
        ? "The server answers. It is on this machine: Claude Code, mcp-remote and the Inspector reach it, claude.ai does not."
        : "The server answers.",
      exchange: first,
    },
  ];
};

/** Why a server could not be reached; also for the addresses that its metadata names. */
export const unreachable = (host: string, exchange: Exchange): Finding => {
  const trouble: Trouble = exchange.trouble ?? { kind: "other", reason: "no answer" };
  return { ...TROUBLES[trouble.kind](host, trouble.reason), status: "failure", exchange };
};

const TROUBLES: Readonly<
  Record<
    Trouble["kind"],
    (host: string, reason: string) => Pick<Finding, "code" | "summary" | "fix">
  >
> = {
  dns: (host, reason) => ({
    code: "DnsFailed",
    summary: `The name ${host} is not found (${reason}).`,
    fix: `Check the spelling of ${host}; Claude asks public DNS, so a private zone is not enough.`,
  }),
  tls: (host, reason) => ({
    code: "TlsFailed",
    summary: `No TLS connection with ${host} (${reason}).`,
    fix: `Give ${host} a certificate in its own name from a public authority, with the whole chain, not expired; check that the port speaks TLS at all.`,
  }),
  connection: (host, reason) => ({
    code: "ConnectionFailed",
    summary: `${host} does not accept the connection (${reason}).`,
    fix: `Start the server (the local house: npm start), and check the port and the firewall of ${host}; Claude comes from 160.79.104.0/21.`,
  }),
  timeout: (host, reason) => ({
    code: "TimedOut",
    summary: `${host} did not answer in ten seconds, which is all that Claude waits (${reason}).`,
    fix: `Find out what ${host} waits for: a firewall that drops packets, a cold start, a slow upstream.`,
  }),
  other: (host, reason) => ({
    code: "RequestFailed",
    summary: `The request to ${host} failed (${reason}).`,
    fix: `Check the address of ${host}, and that an HTTP server listens there.`,
  }),
};
