/**
 * Where the console is found: an origin, as a browser has it.
 * @throws Error naming what is none
 */
export const parseConsoleUrl = (url: unknown): string | undefined => {
  if (url === undefined) return undefined;
  if (typeof url === "string" && URL.canParse(url)) {
    const { origin, protocol } = new URL(url);
    if (protocol === "https:" && [origin, `${origin}/`].includes(url)) return origin;
  }
  throw new Error(
    `${JSON.stringify(url)} is no address of the console: https, and no path, e.g. -c consoleUrl=https://console.example.org`,
  );
};
