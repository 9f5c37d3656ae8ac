import { aws_cognito as cognito, Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { knownCallbacks } from "./known-callbacks.ts";

export interface SignInClientsProps {
  readonly userPool: cognito.UserPool;
  /** Reading and writing, the two scopes of the resource server. */
  readonly homeScopes: readonly cognito.OAuthScope[];
  /** Where the deployed gateway is, once that is known: a client makes its callback of it. */
  readonly gatewayUrls: readonly string[];
  /** Where the operators' console is found, besides this machine; without a slash at the end. */
  readonly consoleUrl?: string | undefined;
}

/** Where `npm start` puts the gateway. */
const LOCAL_GATEWAYS = ["http://localhost:4600/mcp", "http://127.0.0.1:4600/mcp"];

// Where `npm start` and `npm run console` serve it.
const CONSOLE_ON_THIS_MACHINE = "http://localhost:4603";

const { OPENID, EMAIL, PHONE, PROFILE } = cognito.OAuthScope;

/**
 * The four app clients: one for machines, one for Claude's web app, one for tools on a person's own computer, one for the
 * operators' console.
 */
export class SignInClients extends Construct {
  readonly machine: cognito.UserPoolClient;
  readonly claudeWeb: cognito.UserPoolClient;
  readonly local: cognito.UserPoolClient;
  readonly console: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, props: SignInClientsProps) {
    super(scope, id);
    const { userPool, homeScopes, gatewayUrls, consoleUrl } = props;
    const COGNITO = [cognito.UserPoolClientIdentityProvider.COGNITO];
    // Unset, Cognito lets every client sign people in by its API (SRP), past the sign-in page.
    const authFlows = { userSrp: false };
    const browser = {
      userPool,
      authFlows,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      supportedIdentityProviders: COGNITO,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    };
    this.machine = new cognito.UserPoolClient(this, "Machine", {
      userPool,
      authFlows,
      userPoolClientName: "smarthome-gateway-client",
      // Client credentials must be the only flow of its client, and need a secret.
      generateSecret: true,
      oAuth: { flows: { clientCredentials: true }, scopes: [...homeScopes] },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      supportedIdentityProviders: COGNITO,
      accessTokenValidity: Duration.hours(1),
    });
    this.claudeWeb = new cognito.UserPoolClient(this, "ClaudeWeb", {
      ...browser,
      userPoolClientName: "smarthome-claude-web-client",
      generateSecret: true,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        // Cognito's own four as well, because Claude asks for all of them where no gateway tells it better.
        scopes: [OPENID, EMAIL, PHONE, PROFILE, ...homeScopes],
        callbackUrls: [
          "https://claude.ai/api/mcp/auth_callback",
          "https://claude.com/api/mcp/auth_callback",
        ],
      },
    });
    this.local = new cognito.UserPoolClient(this, "Local", {
      ...browser,
      userPoolClientName: "smarthome-local-client",
      // Whoever has the tool has its id; PKCE is what protects the code.
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OPENID, ...homeScopes],
        // Cognito compares the whole URL, port included.
        callbackUrls: [...knownCallbacks([...LOCAL_GATEWAYS, ...gatewayUrls])],
      },
    });
    const pages = [CONSOLE_ON_THIS_MACHINE, ...(consoleUrl === undefined ? [] : [consoleUrl])];
    this.console = new cognito.UserPoolClient(this, "Console", {
      ...browser,
      userPoolClientName: "smarthome-console-client",
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OPENID, ...homeScopes],
        callbackUrls: pages.map((page) => `${page}/`),
        logoutUrls: pages.map((page) => `${page}/`),
      },
      // The page keeps its tokens in memory, and asks again on the next day.
      refreshTokenValidity: Duration.days(1),
    });
    // The newer sign-in page shows "Login pages unavailable" for a client that has no style of its own.
    for (const [name, client] of [
      ["ClaudeWebStyle", this.claudeWeb],
      ["LocalStyle", this.local],
      ["ConsoleStyle", this.console],
    ] as const) {
      new cognito.CfnManagedLoginBranding(this, name, {
        userPoolId: userPool.userPoolId,
        clientId: client.userPoolClientId,
        useCognitoProvidedValues: true,
      });
    }
  }
}
