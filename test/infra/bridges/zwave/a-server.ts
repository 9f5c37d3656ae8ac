import type { Socket } from "#bridges/zwave/server/zwave-server.ts";

type Message = Readonly<Record<string, unknown>>;

/** A zwave-js-server that a test plays: what was sent to it, and what it says. */
export interface PlayedServer {
  readonly open: (url: string) => Socket;
  /** How often somebody connected. */
  connections(): number;
  /** Commands that came, in order. */
  received(): readonly Message[];
  say(message: Message): void;
  /** Answers the latest command of that name. */
  answer(command: string, result: Message): void;
  hangUp(code?: number): void;
}

export const playServer = (): PlayedServer => {
  const received: Message[] = [];
  let connections = 0;
  let heard = new Map<string, (event: never) => void>();
  const tell = (type: string, event: object): void => heard.get(type)?.(event as never);

  return {
    open: () => {
      connections += 1;
      heard = new Map();
      return {
        send: (text) => received.push(JSON.parse(text) as Message),
        close: () => tell("close", { code: 1000 }),
        addEventListener: (type: string, hear: (event: never) => void) => {
          heard.set(type, hear);
        },
      };
    },
    connections: () => connections,
    received: () => received,
    say: (message) => tell("message", { data: JSON.stringify(message) }),
    answer: (command, result) => {
      const asked = received.findLast((one) => one.command === command);
      tell("message", {
        data: JSON.stringify({
          type: "result",
          success: true,
          messageId: asked?.messageId,
          result,
        }),
      });
    },
    hangUp: (code = 1006) => tell("close", { code }),
  };
};

/** What a server says first. */
export const version = (oldest: number, newest: number): Message => ({
  type: "version",
  driverVersion: "15.29.0",
  serverVersion: "3.10.2",
  homeId: 0x7e571000,
  minSchemaVersion: oldest,
  maxSchemaVersion: newest,
});
