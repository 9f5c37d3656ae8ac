const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a Host header names this machine. A web page that rebinds its own name to 127.0.0.1 still
 * sends its own name, so this is what keeps it out.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && LOOPBACK.test(host);

/** Whether an Origin header is that of a page served by this machine. */
export const isLoopbackOrigin = (origin: string | undefined): boolean => {
  const [, host] = /^https?:\/\/([^/]+)$/i.exec(origin ?? "") ?? [];
  return isLoopbackHost(host);
};
