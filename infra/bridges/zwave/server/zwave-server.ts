import { commonSchema, SCHEMAS } from "./schema.ts";
import {
  type CommandOutcome,
  type Members,
  parseServerMessage,
  type ServerMessage,
} from "./server-messages.ts";

/** A connection to a zwave-js-server, or to Z-Wave JS UI, which has one in it. It comes back by itself. */
export interface ZwaveServer {
  /** Asks; what fails because the server is away, or goes, is an outcome too. */
  command(command: string, args: Members): Promise<CommandOutcome>;
  close(): Promise<void>;
}

type ServerEvent = Extract<ServerMessage, { type: "event" }>;

/** What a connection tells. */
export interface ServerEvents {
  /** Connected, or connected again: all that the server knows now. Events follow. */
  onState(state: Members, homeId: number | undefined): void;
  onEvent(event: ServerEvent): void;
  onLost(): void;
  onTrouble(what: string): void;
}

/** What of a WebSocket is used here. */
export interface Socket {
  send(text: string): void;
  close(): void;
  addEventListener(type: "open" | "error", heard: () => void): void;
  addEventListener(type: "close", heard: (event: { readonly code: number }) => void): void;
  addEventListener(type: "message", heard: (event: { readonly data: unknown }) => void): void;
}

/** The code of a command that was not sent, because the server is away. */
export const AWAY = "ServerAway";
/** The code of one that was sent, and the server went away before it answered. */
export const LOST = "AnswerLost";
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5000;
// The server says its version at once; one that says nothing is no zwave-js-server, or hangs.
const GREETING_MS = 10_000;
// A connection whose other end vanished without a word would look like one on which nothing happens.
const HEARTBEAT_MS = 30_000;
const HEARTBEAT_LIMIT_MS = 10_000;
const FAREWELL_MS = 1000;
// "While the driver is not ready, the server instead closes the connection with code 1013." (README, "API")
const TRY_AGAIN_LATER = 1013;
// RFC 6455, 7.4.1: no close frame came.
const ABNORMAL = 1006;

/** Connects, and stays connected until it is closed. */
export const connectToServer = (
  url: string,
  events: ServerEvents,
  openSocket: (url: string) => Socket = (address) => new WebSocket(address),
): ZwaveServer => {
  const waiting = new Map<string, (outcome: CommandOutcome) => void>();
  const early: ServerEvent[] = [];
  let count = 0;
  let current: Socket | undefined;
  let isListening = false;
  let isClosing = false;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;
  let lastTrouble = "";
  const closed = Promise.withResolvers<void>();

  const ask = (socket: Socket, command: string, args: Members): Promise<CommandOutcome> => {
    count += 1;
    const messageId = `smarthome.${count}`;
    const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
    waiting.set(messageId, resolve);
    socket.send(JSON.stringify({ messageId, command, ...args }));
    return promise;
  };

  // A server that is away is told once, and not at each try.
  const tell = (what: string): void => {
    if (what !== lastTrouble) events.onTrouble(what);
    lastTrouble = what;
  };

  const greet = async (
    socket: Socket,
    { homeId, server, schemas }: Extract<ServerMessage, { type: "version" }>,
  ): Promise<void> => {
    const schemaVersion = commonSchema(schemas);
    if (schemaVersion === undefined) {
      tell(
        `zwave-js-server ${server} speaks schema ${schemas.oldest} to ${schemas.newest}, this bridge ${SCHEMAS}: update the older of the two`,
      );
      socket.close();
      return;
    }
    const agreed = await ask(socket, "set_api_schema", { schemaVersion });
    const listening = agreed.ok ? await ask(socket, "start_listening", {}) : agreed;
    if (socket !== current) return;
    if (!listening.ok) {
      tell(`zwave-js-server does not let this bridge listen: ${listening.text}`);
      socket.close();
      return;
    }
    isListening = true;
    listenTo(socket);
    retryMs = FIRST_RETRY_MS;
    lastTrouble = "";
    const { state } = listening.result;
    events.onState(typeof state === "object" && state !== null ? { ...state } : {}, homeId);
    for (const event of early.splice(0)) events.onEvent(event);
  };

  /** Asks now and then what costs the radio nothing; a server that does not answer is away. */
  const listenTo = (socket: Socket): void => {
    heartbeat = setTimeout(() => {
      const tooLate = setTimeout(() => {
        if (socket !== current) return;
        socket.close();
        lose(ABNORMAL);
      }, HEARTBEAT_LIMIT_MS);
      ask(socket, "driver.get_log_config", {})
        .then(() => {
          clearTimeout(tooLate);
          if (socket === current) listenTo(socket);
        })
        .catch((error: Error) => events.onTrouble(error.message));
    }, HEARTBEAT_MS);
  };

  const hear = (socket: Socket, text: string): void => {
    const message = parseServerMessage(text);
    switch (message?.type) {
      case "version":
        greet(socket, message).catch((error: Error) => events.onTrouble(error.message));
        break;
      case "result":
        waiting.get(message.messageId)?.(message.outcome);
        waiting.delete(message.messageId);
        break;
      case "event":
        // Those that come in one piece with the state are after it.
        if (isListening) events.onEvent(message);
        else early.push(message);
        break;
      case undefined:
        events.onTrouble("zwave-js-server sent what is none of its protocol");
        break;
    }
  };

  const lose = (code: number): void => {
    current = undefined;
    clearTimeout(heartbeat);
    early.length = 0;
    for (const answer of waiting.values()) {
      answer({ ok: false, code: LOST, text: "the Z-Wave server went away" });
    }
    waiting.clear();
    if (isListening) events.onLost();
    isListening = false;
    if (isClosing) {
      closed.resolve();
      return;
    }
    tell(
      code === TRY_AGAIN_LATER
        ? `the Z-Wave server at ${url} is there, and its stick is not ready`
        : `the Z-Wave server at ${url} does not answer`,
    );
    retry = setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  const open = (): void => {
    const socket = openSocket(url);
    current = socket;
    const tooLate = setTimeout(() => {
      if (!isListening) socket.close();
    }, GREETING_MS);
    socket.addEventListener("message", ({ data }) => {
      if (socket === current) hear(socket, String(data));
    });
    // A refused connection comes here, followed by "close".
    socket.addEventListener("error", () => {});
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(tooLate);
      if (socket === current) lose(code);
    });
  };

  open();
  return {
    command: async (command, args) =>
      current === undefined || !isListening
        ? { ok: false, code: AWAY, text: "the Z-Wave server is away" }
        : ask(current, command, args),
    close: async () => {
      isClosing = true;
      clearTimeout(retry);
      if (current === undefined) closed.resolve();
      else {
        current.close();
        setTimeout(closed.resolve, FAREWELL_MS).unref();
      }
      await closed.promise;
    },
  };
};
