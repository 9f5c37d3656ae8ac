/** Where somebody is in the console, without the home, which every address may carry. */
export type Route =
  | { readonly page: "overview" }
  | { readonly page: "runs"; readonly filters: RunFilters; readonly token?: string }
  | { readonly page: "run"; readonly run: string }
  | { readonly page: "device"; readonly device: string }
  | { readonly page: "scenes"; readonly scene?: string }
  | { readonly page: "schedules"; readonly schedule?: string }
  | { readonly page: "unknown" };

/** What the list of runs can be asked for. Absent: all. */
export type RunFilters = { readonly [Name in FilterName]?: string };

export const FILTERS = ["since", "until", "result", "scene", "person", "client", "device"] as const;

export type FilterName = (typeof FILTERS)[number];

/** Reads an address: its path and its query. */
export const parseRoute = (path: string, query: URLSearchParams): Route => {
  const [first = "", second, ...more] = path.split("/").filter((part) => part !== "");
  if (more.length > 0) return { page: "unknown" };
  const name = second === undefined ? undefined : decoded(second);
  switch (first) {
    case "":
      return { page: "overview" };
    case "runs":
      if (name !== undefined) return { page: "run", run: name };
      return { page: "runs", filters: filtersIn(query), ...tokenIn(query) };
    case "devices":
      return name === undefined ? { page: "unknown" } : { page: "device", device: name };
    case "scenes":
      return { page: "scenes", ...(name === undefined ? {} : { scene: name }) };
    case "schedules":
      return { page: "schedules", ...(name === undefined ? {} : { schedule: name }) };
    default:
      return { page: "unknown" };
  }
};

// A link that somebody cut off in the middle of an escape is an address like any other that is not there.
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

const filtersIn = (query: URLSearchParams): RunFilters =>
  Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name)?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );

const tokenIn = (query: URLSearchParams): { readonly token?: string } => {
  const token = query.get("page");
  return token === null ? {} : { token };
};

/** The address of a place; `home` where somebody has several. */
export const addressOf = (route: Route, home?: string): string => {
  const query = new URLSearchParams();
  if (route.page === "runs") {
    for (const name of FILTERS) {
      const value = route.filters[name];
      if (value !== undefined) query.set(name, value);
    }
    if (route.token !== undefined) query.set("page", route.token);
  }
  if (home !== undefined) query.set("home", home);
  const text = query.toString();
  return `${pathOf(route)}${text === "" ? "" : `?${text}`}`;
};

const pathOf = (route: Route): string => {
  switch (route.page) {
    case "overview":
    case "unknown":
      return "/";
    case "runs":
      return "/runs";
    case "run":
      return `/runs/${encodeURIComponent(route.run)}`;
    case "device":
      return `/devices/${encodeURIComponent(route.device)}`;
    case "scenes":
      return route.scene === undefined ? "/scenes" : `/scenes/${encodeURIComponent(route.scene)}`;
    case "schedules":
      return route.schedule === undefined
        ? "/schedules"
        : `/schedules/${encodeURIComponent(route.schedule)}`;
  }
};

/** The page token in what list_runs says of older runs: `Call list_runs with {…,"page":"…"} for older ones.` */
export const tokenOf = (next: string | undefined): string | undefined => {
  const [, token] = /"page":"([^"\\]+)"/.exec(next ?? "") ?? [];
  return token;
};
