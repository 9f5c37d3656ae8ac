import { hostname, networkInterfaces } from "node:os";

/** What this machine is called by others, and the addresses that it has now. */
export const machineNames = (): {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
} => {
  const name = hostname();
  // A zone (fe80::1%eth0) is not part of an address in a certificate.
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .map(({ address }) => address.replace(/%.*$/, ""));
  return {
    // Multicast DNS, by which devices of a home find a machine.
    names: [...new Set(["localhost", name, name.includes(".") ? name : `${name}.local`])],
    addresses: [...new Set(["127.0.0.1", "::1", ...addresses])],
  };
};
