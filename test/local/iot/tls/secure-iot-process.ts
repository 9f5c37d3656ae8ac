// The IoT core with its TLS port as a process of its own, for tests that do it harm.
// Arguments: the names of devices to register. Tells its parent where it is, and what the devices sign in with.
import { type Device, startSecureBench } from "./secure-bench.ts";

/** What the process tells its parent, once. */
export interface SecureCore {
  readonly mqttUrl: string;
  readonly tlsPort: number;
  readonly rootCertificate: string;
  readonly devices: readonly Device[];
}

const bench = await startSecureBench();
const devices: Device[] = [];
for (const name of process.argv.slice(2)) devices.push(await bench.register(name));
const core: SecureCore = {
  mqttUrl: bench.iot.mqttUrl,
  tlsPort: bench.tlsPort,
  rootCertificate: bench.rootCertificate,
  devices,
};
process.send?.(core);
process.on("disconnect", () => {
  void bench.close().finally(() => process.exit(0));
});
