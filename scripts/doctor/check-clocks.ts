import type { Check } from "./diagnosis.ts";

// Date has whole seconds and the answers take their time; tokens live for minutes.
const TOLERATED_MS = 60_000;

/** The two servers agree on the time, and this machine with them. */
export const checkClocks: Check = async ({ first, server, url }) => {
  const gateway = first?.response?.clockAheadMs;
  const signIn = server?.clockAheadMs;
  if (gateway === undefined) return [];
  const { host } = new URL(url);
  if (signIn !== undefined && Math.abs(gateway - signIn) > TOLERATED_MS) {
    return [
      {
        code: "ClockSkew",
        status: "failure",
        summary: `The clock of ${host} is ${seconds(gateway - signIn)} s from the sign-in server's: fresh tokens count as expired or as not yet valid.`,
        fix: `Set the clock of ${Math.abs(gateway) > Math.abs(signIn) ? host : server?.issuer} (NTP): it is ${seconds(Math.max(Math.abs(gateway), Math.abs(signIn)))} s from this machine's.`,
      },
    ];
  }
  if (Math.abs(gateway) > TOLERATED_MS) {
    return [
      {
        code: "OwnClockSkew",
        status: "warning",
        summary: `This machine's clock is ${seconds(gateway)} s from that of ${host}.`,
        fix: "Set this machine's clock (NTP); local tools judge by it whether a token has expired.",
      },
    ];
  }
  return [{ code: "ClocksAgree", status: "ok", summary: "The clocks agree." }];
};

const seconds = (ms: number): number => Math.round(Math.abs(ms) / 1000);
