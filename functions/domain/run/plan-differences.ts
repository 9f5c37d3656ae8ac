import { describeWantedState } from "#domain/home/vocabulary.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import { type Plan, type PlannedCommand, parameterTexts, plannedCommands } from "./plan.ts";

// A sentence for people; the new plan says the rest.
const MOST_SAID = 5;

/** In words, what a plan of now has otherwise than one that was made before; empty for equal plans. */
export const planDifferences = (before: Plan, now: Plan): readonly string[] => {
  const was = byDevice(before);
  const is = byDevice(now);
  const said = [
    ...[...was.keys()].filter((id) => !is.has(id)).map((id) => `${id} is no longer in it`),
    ...[...is.keys()].filter((id) => !was.has(id)).map((id) => `${id} is new in it`),
    ...[...is].flatMap(([id, one]) => {
      const other = was.get(id);
      return other === undefined ? [] : changed(id, other, one);
    }),
  ];
  if (said.length > MOST_SAID) {
    return [...said.slice(0, MOST_SAID), `${said.length - MOST_SAID} more differences`];
  }
  if (said.length > 0 || textOf(before) === textOf(now)) return said;
  const beside = besideDevices(before, now);
  return beside.length > 0 ? beside : ["its stages are otherwise"];
};

// What a plan has otherwise though each device is asked as before.
const besideDevices = (before: Plan, now: Plan): readonly string[] => {
  const was = new Map((before.skipped ?? []).map(({ device, because }) => [device, because]));
  const is = new Map((now.skipped ?? []).map(({ device, because }) => [device, because]));
  return [
    ...(before.sceneVersion === now.sceneVersion
      ? []
      : [`the scene was saved again (version ${before.sceneVersion}, now ${now.sceneVersion})`]),
    ...[...is]
      .filter(([id, because]) => was.get(id) !== because)
      .map(([id, because]) => {
        const other = was.get(id);
        return `${id} is skipped because ${because}${other === undefined ? "" : ` instead of because ${other}`}`;
      }),
    ...[...was.keys()]
      .filter((id) => !is.has(id))
      .map((id) => `${id} is no longer in it, and was skipped before`),
    ...(textOf(before.rules) === textOf(now.rules) ? [] : ["the rules of its runs are otherwise"]),
    ...(parameterTexts(before).join() === parameterTexts(now).join()
      ? []
      : ["other parameters were given"]),
    ...(before.leftOut.join() === now.leftOut.join() ? [] : ["other devices are left out"]),
  ].slice(0, MOST_SAID);
};

interface Placed {
  readonly stage: string;
  readonly command: PlannedCommand;
}

const byDevice = (plan: Plan): ReadonlyMap<string, Placed> =>
  new Map(
    plannedCommands(plan).map(({ stage, command }) => [
      command.device,
      { stage: `${stage.index} ${stage.name}`, command },
    ]),
  );

const changed = (id: string, was: Placed, is: Placed): readonly string[] => {
  const wanted = describeWantedState(was.command.want);
  const wants = describeWantedState(is.command.want);
  if (wanted !== wants) return [`${id} is asked for ${wants} instead of ${wanted}`];
  return textOf(was) === textOf(is) ? [] : [`${id} is asked at another place or in another way`];
};

const textOf = (value: Plan | Placed | Plan["rules"]): string =>
  canonicalJson((value ?? null) as unknown as Json);
