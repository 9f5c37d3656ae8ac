import { runBridge } from "#bridges/core/run-bridge.ts";
import { zwaveBridge } from "#bridges/zwave/zwave-bridge.ts";
import { openDeviceLink } from "#house/contract/device-link.ts";
import { DEFAULT_HOME } from "../../../scripts/command/default-home.ts";
import { readHomeFile } from "../../../scripts/homes/seed-home.ts";

// A bridge that can be killed: `node zwave-bridge-process.ts HOME_FILE MQTT_URL ZWAVE_URL id=address…`.

const [homeFile = "", mqttUrl = "", zwaveUrl = "", ...bound] = process.argv.slice(2);
const { devices } = readHomeFile(homeFile, { home: DEFAULT_HOME, thingPrefix: "" });

const bridge = await runBridge({
  bridge: zwaveBridge(zwaveUrl),
  devices: bound.flatMap((one) => {
    const [id, address = ""] = one.split("=");
    const device = devices.find((each) => each.id === id);
    return device === undefined ? [] : [{ device, address }];
  }),
  openLink: (thing, events) => openDeviceLink(mqttUrl, thing, events),
  log: (line) => process.stderr.write(`${line}\n`),
});
process.once("disconnect", () => {
  bridge.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
process.send?.("up");
