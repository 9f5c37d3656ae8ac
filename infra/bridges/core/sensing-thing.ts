import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { DeviceLink } from "#house/contract/device-link.ts";
import type { Thing, ThingOptions } from "./thing.ts";

/** A real sensor: it reports what it senses, and is never commanded. */
export const sensingThing = (options: ThingOptions): Thing => {
  const { bound, isThere, log } = options;
  const { id } = bound.device;
  let readings: ReportedState = {};
  let link: DeviceLink | undefined;

  const report = (): void => {
    link?.report({ ...readings, online: isThere() }).catch((error: Error) => {
      log(`${id}: not reported, ${error.message}`);
    });
  };

  return {
    start: () => {
      const first = Promise.withResolvers<void>();
      link = options.openLink({
        onReady: () => {
          report();
          first.resolve();
        },
        onLost: () => {},
        onDelta: () => log(`${id}: it is a sensor, and was commanded`),
        onShadow: () => {},
        onTrouble: (what) => log(`${id}: ${what}`),
      });
      return first.promise;
    },
    presenceChanged: report,
    hint: () => {},
    readings: (next) => {
      readings = { ...readings, ...next };
      report();
    },
    stop: async () => {
      await link?.close({ online: false });
      link = undefined;
    },
  };
};
