import { startGateway } from "#local/gateway/gateway.ts";
import {
  browser,
  POOL_ID,
  poolTemplate,
  postForm,
  READ,
  startTestCognito,
  WRITE,
} from "../cognito/support.ts";
import { gatewayProperties, startFunctions, TOOL_ARN, targetProperties } from "./support.ts";

type Handlers = Parameters<typeof startFunctions>[0];

/** A local Cognito and a gateway that trusts it, as a template would connect the two. */
export const startSignedInGateway = async (
  options: {
    /** Addresses that the clients `web` and `local` may return to. */
    readonly callbacks?: readonly string[];
    /** False leaves AllowedScopes out of the gateway. */
    readonly advertisesScopes?: boolean;
    readonly handlers?: Handlers;
    readonly gateway?: Readonly<Record<string, unknown>>;
    readonly tools?: readonly string[];
    readonly callsPerSecond?: number;
    readonly web?: Readonly<Record<string, unknown>>;
  } = {},
) => {
  const callbacks = { CallbackURLs: [...(options.callbacks ?? []), "http://localhost:9/callback"] };
  const cognito = await startTestCognito({
    pools: [poolTemplate({}, { web: { ...callbacks, ...options.web }, local: callbacks })],
  });
  const functions = await startFunctions({
    [TOOL_ARN]: (event) => ({ status: "done", asked: event }),
    ...options.handlers,
  });
  const idp = "https://cognito-idp.us-east-1.amazonaws.com";
  const gateway = await startGateway({
    port: 0,
    gatewayId: "smarthome-gateway-abcdefghij",
    properties: gatewayProperties(
      `${idp}/${POOL_ID}/.well-known/openid-configuration`,
      {
        AllowedClients: ["machine", "web", "local"],
        AllowedScopes: options.advertisesScopes === false ? undefined : [READ, WRITE],
      },
      options.gateway,
    ),
    targets: [{ targetId: "TARGETID01", properties: targetProperties(options.tools) }],
    rewriteUrl: (url) => url.replace(idp, cognito.url),
    access: functions.access,
    ...(options.callsPerSecond === undefined ? {} : { callsPerSecond: options.callsPerSecond }),
  });
  return {
    cognito,
    functions,
    url: gateway.url,
    /** A token of the machine client. */
    machineToken: async (): Promise<string> => {
      const { json } = await postForm(`${cognito.url}/oauth2/token`, {
        grant_type: "client_credentials",
        client_id: "machine",
        client_secret: cognito.secret("machine"),
      });
      return (json as { access_token: string }).access_token;
    },
    /** Does what a person does with an authorization address: signs in as ada, and is sent on. */
    signIn: async (authorizeUrl: string): Promise<URL> => {
      const session = browser(cognito.url);
      const form = await session.visit(authorizeUrl);
      if (!form.html.includes("<h1>Sign in</h1>")) return new URL(form.url);
      const done = await session.submit(form, { username: "ada", password: cognito.password });
      return new URL(done.url);
    },
    close: async () => {
      await gateway.close();
      await Promise.all([functions.close(), cognito.close()]);
    },
  };
};
