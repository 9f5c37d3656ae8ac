import type { SignIn } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";
import type { Client, Patient } from "./diagnosis.ts";

/** Where Claude has people sent back to: the one in use, and the one that it may move to. */
const CLAUDE_CALLBACKS = [
  "https://claude.ai/api/mcp/auth_callback",
  "https://claude.com/api/mcp/auth_callback",
] as const;

/** Claude Code with --callback-port 8765. */
const LOOPBACK_CALLBACK = "http://localhost:8765/callback";

/** What was written on the command line. */
export interface PatientOptions {
  readonly url?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly callbacks?: readonly string[];
  readonly signIn: boolean;
  readonly asked?: string;
}

/**
 * What to look at: the server and client that were named, else the stack that the options name.
 * @throws Problem for options that do not go together
 */
export const patientOf = async (
  options: PatientOptions,
  stack: () => Promise<SignIn>,
): Promise<Patient> => {
  if (options.clientSecret !== undefined && options.clientId === undefined) {
    throw new Problem("--client-secret needs --client-id.");
  }
  for (const callback of options.callbacks ?? []) {
    if (!URL.canParse(callback)) throw new Problem(`--callback is no URL: ${callback}`);
  }
  if (options.asked !== undefined && !URL.canParse(options.asked)) {
    throw new Problem(`--asked is no URL: ${options.asked}`);
  }
  const asked = options.asked === undefined ? {} : { asked: options.asked };
  if (options.clientId === undefined && options.url === undefined)
    return { ...stackPatient(options, await stack()), ...asked };
  if (options.clientId === undefined && options.signIn) {
    throw new Problem("--sign-in at another server needs --client-id.");
  }
  const url = options.url === undefined ? (await stack()).gateway.url : checkedUrl(options.url);
  const clients = givenClients(options);
  const [client] = clients;
  return {
    url,
    clients,
    ...asked,
    ...(options.signIn && client !== undefined
      ? { signIn: { client, callback: loopbackOf(options.callbacks) } }
      : {}),
  };
};

const givenClients = ({ clientId, clientSecret, callbacks }: PatientOptions): readonly Client[] =>
  clientId === undefined
    ? []
    : [
        {
          name: `client ${clientId}`,
          clientId,
          ...(clientSecret === undefined ? {} : { clientSecret }),
          use: "unknown",
          callbacks: callbacks ?? CLAUDE_CALLBACKS,
        },
      ];

const stackPatient = ({ callbacks, signIn }: PatientOptions, stack: SignIn): Patient => {
  const { machine, claudeWeb, local } = stack.cognito.clients;
  const forLocal: Client = {
    name: "smarthome-local-client",
    ...local,
    use: "person",
    callbacks: callbacks ?? [LOOPBACK_CALLBACK],
  };
  return {
    url: stack.gateway.url,
    clients: [
      {
        name: "smarthome-claude-web-client",
        ...claudeWeb,
        use: "person",
        callbacks: CLAUDE_CALLBACKS,
      },
      forLocal,
      { name: "smarthome-gateway-client", ...machine, use: "machine", callbacks: [] },
    ],
    ...(signIn ? { signIn: { client: forLocal, callback: loopbackOf(callbacks) } } : {}),
  };
};

const loopbackOf = (callbacks: readonly string[] = [LOOPBACK_CALLBACK]): string => {
  const found = callbacks.find((callback) =>
    /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d+\//.test(callback),
  );
  if (found === undefined) {
    throw new Problem(
      "--sign-in needs a --callback on this machine, for example http://localhost:8765/callback",
    );
  }
  return found;
};

// The address stays as it was typed: the metadata is compared with exactly this.
const checkedUrl = (typed: string): string => {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Problem(`"${typed}" is no http or https address.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Problem(
      "A name or password in the address would be printed everywhere: leave it out.",
    );
  }
  return typed;
};
