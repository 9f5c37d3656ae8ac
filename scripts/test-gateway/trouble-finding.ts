import type { Trouble } from "../doctor/exchange.ts";
import type { Finding } from "./step.ts";

/** Why there was no answer at all from a host. */
export const troubleFinding = (host: string, { kind, reason }: Trouble): Finding => {
  switch (kind) {
    case "dns":
      return {
        code: "DnsFailed",
        summary: `The name ${host} is not found (${reason}).`,
        fix: `Check the spelling of ${host}; a stack that was deleted takes its gateway's name along.`,
      };
    case "tls":
      return {
        code: "TlsFailed",
        summary: `No TLS connection with ${host} (${reason}).`,
        fix: "Check that the port speaks TLS, and that the certificate is of that name, not expired and of a public authority. A proxy that opens TLS needs NODE_EXTRA_CA_CERTS.",
      };
    case "connection":
      return {
        code: "ConnectionFailed",
        summary: `${host} does not accept the connection (${reason}).`,
        fix: "Start the house (npm start), or check the port and what firewall stands between.",
      };
    case "timeout":
      return {
        code: "TimedOut",
        summary: `${host} did not answer in time (${reason}).`,
        fix: "Try again: a function that has not run for a while takes longer. If it stays so, look at the functions' logs, or for a firewall that drops packets.",
      };
    case "other":
      return {
        code: "RequestFailed",
        summary: `The request to ${host} failed (${reason}).`,
        fix: `Check the address of ${host}, and that an HTTP server listens there.`,
      };
  }
};
