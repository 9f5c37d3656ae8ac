// So many lights as a process of their own, for compare.bench.ts: node devices-main.ts CHECKOUT MQTT-URL COUNT LATENCY-MS.
import { openCheckout } from "./checkout.ts";

const [root = "", mqttUrl = "", count = "", latencyMs = ""] = process.argv.slice(2);
const checkout = openCheckout(root);
const devices = await checkout.startDevices({
  mqttUrl,
  devices: await checkout.lights(Number(count)),
  latencyMs: () => Number(latencyMs),
});
const end = (): void => void devices.close().finally(() => process.exit(0));
process.on("disconnect", end);
process.send?.({});
