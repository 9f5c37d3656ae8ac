import { expect, test } from "vitest";
import { addressOf, parseRoute, type Route, tokenOf } from "../../../infra/console/model/route.ts";

const routeOf = (address: string): Route => {
  const url = new URL(address, "http://console");
  return parseRoute(url.pathname, url.searchParams);
};

test.each<[string, Route]>([
  ["/", { page: "overview" }],
  ["/runs", { page: "runs", filters: {} }],
  [
    "/runs?since=7d&result=partly_done&person=%3Cb%3Eann",
    { page: "runs", filters: { since: "7d", result: "partly_done", person: "<b>ann" } },
  ],
  ["/runs?page=abc.def", { page: "runs", filters: {}, token: "abc.def" }],
  ["/runs/run_0123456789abcdefghjk", { page: "run", run: "run_0123456789abcdefghjk" }],
  ["/devices/hall_lamp", { page: "device", device: "hall_lamp" }],
  ["/scenes", { page: "scenes" }],
  ["/scenes/movie%20night", { page: "scenes", scene: "movie night" }],
  ["/schedules/weekdays", { page: "schedules", schedule: "weekdays" }],
])("%s leads to a page, and the page back to it", (address, route) => {
  expect(routeOf(address)).toEqual(route);
  expect(routeOf(addressOf(route))).toEqual(route);
});

test.each(["/nothing", "/runs/a/b", "/devices", "/%zz", "/constructor"])(
  "%s is told to be no page",
  (address) => {
    expect(routeOf(address)).toEqual({ page: "unknown" });
  },
);

test("an address that was cut off in the middle of an escape is a name like any other", () => {
  expect(parseRoute("/devices/%E4%B", new URLSearchParams())).toEqual({
    page: "device",
    device: "%E4%B",
  });
});

test("the home of whoever has several stays in the address", () => {
  expect(addressOf({ page: "run", run: "run_a" }, "cabin")).toBe("/runs/run_a?home=cabin");
  expect(addressOf({ page: "runs", filters: { since: "1d" } }, "cabin")).toBe(
    "/runs?since=1d&home=cabin",
  );
});

test("the next page's token is read out of what the tool says", () => {
  const next =
    'Call list_runs with {"since":"8h","page":"2026-11-27T21:00:00.001Z.run_a.x"} for older ones.';

  expect(tokenOf(next)).toBe("2026-11-27T21:00:00.001Z.run_a.x");
  expect(tokenOf("Call list_runs again.")).toBeUndefined();
  expect(tokenOf(undefined)).toBeUndefined();
});
