import { computed, signal } from "@preact/signals";
import { addressOf, parseRoute, type Route } from "../../model/route.ts";

const address = signal(location.pathname + location.search);

/** Where the reader is. */
export const route = computed<Route>(() => {
  const url = new URL(address.value, location.origin);
  return parseRoute(url.pathname, url.searchParams);
});

/** Which of the reader's homes is meant; only who has several has it in the address. */
export const homeInAddress = computed<string | undefined>(
  () => new URL(address.value, location.origin).searchParams.get("home") ?? undefined,
);

/** The address of a place in the home that is looked at. */
export const hrefOf = (to: Route): string => addressOf(to, homeInAddress.value);

/** Goes to a place. `replace` where going back should not lead here again. */
export const go = (to: Route, how: "push" | "replace" = "push"): void => goTo(hrefOf(to), how);

/** Goes to an address of this page. */
export const goTo = (href: string, how: "push" | "replace" = "push"): void => {
  if (how === "replace") history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  address.value = location.pathname + location.search;
};

/** Chooses the home. */
export const chooseHome = (home: string): void => goTo(addressOf(route.value, home), "replace");

addEventListener("popstate", () => {
  address.value = location.pathname + location.search;
});
