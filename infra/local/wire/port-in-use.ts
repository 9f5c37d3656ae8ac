import { LocalError } from "./local-error.ts";

/** Why a port cannot be listened on: `PortInUse`, naming the port and the option that changes it, or the error itself. */
export const listenFailure = (
  error: NodeJS.ErrnoException,
  port: number,
  what: { readonly name: string; readonly option: string },
): Error =>
  error.code === "EADDRINUSE"
    ? new LocalError(
        "PortInUse",
        `Port ${port} (${what.name}) is in use. Stop what uses it, or choose another with ${what.option} PORT.`,
        { cause: error },
      )
    : error;
