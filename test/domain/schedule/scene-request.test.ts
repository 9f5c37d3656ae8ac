import { expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { sceneRequest } from "#domain/schedule/scene-request.ts";
import { runSceneTool } from "#domain/tools/run-scene.ts";
import { CALL, SCHEDULE } from "./a-schedule.ts";

test("a firing asks for its scene with an id of the schedule and its planned minute, and says why in the home's time", () => {
  expect(sceneRequest(SCHEDULE, CALL)).toEqual({
    home: "home",
    scene: "goodnight",
    request_id: "schedule goodnight_weekdays 20261201T2145Z",
    wait_s: 0,
    reason: "schedule Goodnight weekdays, planned Tuesday 2026-12-01 22:45 Europe/Berlin",
  });
});

test("devices that the schedule leaves out are left out", () => {
  const request = sceneRequest({ ...SCHEDULE, except: ["hall_lamp"] }, CALL);

  expect(request.except).toEqual(["hall_lamp"]);
});

test("delivered again, also by another attempt and seconds later, it is the same request", () => {
  const again = { ...CALL, attempt: 3, plannedAt: "2026-12-01T21:45:09.000Z" };

  expect(sceneRequest(SCHEDULE, again)).toEqual(sceneRequest(SCHEDULE, CALL));
});

test("the longest schedule's request fits into what run_scene takes", () => {
  const longest = {
    ...SCHEDULE,
    home: parseHomeId("a_home_with_the_longest1"),
    schedule: "a_schedule_whose_id_has_39_characters_x",
    name: "n".repeat(64),
    zone: "America/Argentina/ComodRivadavia",
  };

  const { request_id: id, reason } = sceneRequest(longest, CALL);

  expect(String(id).length).toBe(63);
  expect(String(reason).length).toBeLessThanOrEqual(runSceneTool.properties.reason?.longest ?? 0);
});
