import type { DeviceId } from "#domain/home/device.ts";
import type { Scene } from "#domain/home/scene.ts";
import { describeWantedState, type WantedState } from "#domain/home/vocabulary.ts";
import { canonicalJson, type Json } from "#domain/json.ts";

/**
 * The next version of a scene, which the home still does not let run by itself where it did not: saving it anew, from
 * what devices are now or from another file, must not lift that. npm run schedule -- settings does.
 */
export const asNextVersion = (before: Scene | undefined, after: Scene): Scene =>
  before?.schedules === false ? { ...after, schedules: false } : after;

const MOST_TOLD = 50;

/** What a scene has other than its version before, a line each; of a new one, that it is new. */
export const sceneChanges = (before: Scene | undefined, after: Scene): readonly string[] => {
  if (before === undefined) return ["it is new"];
  const was = wantedIn(before);
  const is = wantedIn(after);
  const devices = [...new Set([...was.keys(), ...is.keys()])].flatMap((id): readonly string[] => {
    const one = was.get(id);
    const other = is.get(id);
    if (one === undefined)
      return other === undefined ? [] : [`${id}: ${describe(other)}, which it did not ask before`];
    if (other === undefined) return [`${id}: no longer asked`];
    return isSame(one, other) ? [] : [`${id}: ${describe(one)} became ${describe(other)}`];
  });
  const stages = (scene: Scene): unknown =>
    scene.stages.map(({ devices: asked, ...stage }) => ({
      ...stage,
      asked: Object.keys(asked).sort(),
    }));
  const rest = (
    ["name", "aliases", "rules", "parameters", "approval", "schedules"] as const
  ).filter((member) => !isSame(before[member], after[member]));
  const all = [
    ...devices,
    ...rest.map((member) => `its ${member}`),
    ...(devices.length === 0 && !isSame(stages(before), stages(after)) ? ["its stages"] : []),
  ];
  return all.length > MOST_TOLD
    ? [...all.slice(0, MOST_TOLD), `and ${all.length - MOST_TOLD} more`]
    : all;
};

const wantedIn = ({ stages }: Scene): ReadonlyMap<DeviceId, WantedState> =>
  new Map(stages.flatMap(({ devices }) => Object.entries(devices)));

const describe = (want: WantedState): string => describeWantedState(want);

const isSame = (one: unknown, other: unknown): boolean =>
  canonicalJson((one ?? null) as Json) === canonicalJson((other ?? null) as Json);
