import { aws_cognito as cognito, Duration, Stack, Validations } from "aws-cdk-lib";
import { Construct } from "constructs";
import { RESOURCE_SERVER } from "#domain/access/caller.ts";
import { SignInClients } from "./clients/sign-in-clients.ts";
import { HandlerFunction } from "./handler-function.ts";
import { keptWithTheStack, type StackSettings } from "./stack-settings.ts";

export interface SignInProps {
  /** Where the sign-in page is: `<prefix>.auth.<region>.amazoncognito.com`. By default it holds the account's number. */
  readonly domainPrefix?: string;
  /** Where the deployed gateway is, once that is known. */
  readonly gatewayUrls: readonly string[];
  /** Where the operators' console is found, besides this machine; without a slash at the end. */
  readonly consoleUrl?: string | undefined;
  readonly settings: StackSettings;
}

/** Groups of users; the first one a user is in, by precedence, is the one that counts. */
const GROUPS = [
  { name: "operators", description: "Look after the home: all tools, and the audit." },
  { name: "residents", description: "Live here: look and change." },
  { name: "guests", description: "Visit: look." },
] as const;

/** Who may sign in, with what, and for which scopes: the Cognito user pool, its domain, groups and clients. */
export class SignIn extends Construct {
  readonly userPool: cognito.UserPool;
  readonly domain: cognito.UserPoolDomain;
  readonly clients: SignInClients;
  readonly grantScopes: HandlerFunction;

  constructor(scope: Construct, id: string, props: SignInProps) {
    super(scope, id);
    const { domainPrefix, gatewayUrls, consoleUrl, settings } = props;
    this.userPool = new cognito.UserPool(this, "UserPool", {
      featurePlan: cognito.FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      signInCaseSensitive: false,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      deletionProtection: settings.refuseDeletion,
      removalPolicy: keptWithTheStack(settings),
    });
    this.grantScopes = new HandlerFunction(this, "GrantScopes", {
      name: "grant-scopes",
      description: "Gives a person's tokens the scopes of the person's groups, and no others.",
      // Cognito waits five seconds for a trigger.
      timeoutSeconds: 5,
      memoryMb: 256,
      settings,
    });
    this.userPool.addTrigger(
      cognito.UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      this.grantScopes.function,
      // Version 2 would do for people; 3 asks about machines too, so that leaving them alone is said and tested here.
      cognito.LambdaVersion.V3_0,
    );
    Validations.of(this.userPool).acknowledge(
      {
        id: "AwsSolutions::AwsSolutions-COG2",
        reason: "A second factor is offered to everybody and forced on nobody: it is their home.",
      },
      {
        id: "AwsSolutions::AwsSolutions-COG8",
        reason:
          "Threat protection is priced per user; nobody can sign up here without an invitation.",
      },
    );
    this.domain = this.userPool.addDomain("Domain", {
      // Unique in the region among all accounts, so that a deployment does not fail on somebody else's name.
      cognitoDomain: {
        domainPrefix: domainPrefix ?? settings.names.domainPrefix(Stack.of(this).account),
      },
      managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const read = new cognito.ResourceServerScope({
      scopeName: "read",
      scopeDescription: "Look at the home, its devices, its scenes and what was done.",
    });
    const write = new cognito.ResourceServerScope({
      scopeName: "write",
      scopeDescription: "Change the home: run scenes and set devices.",
    });
    const resourceServer = this.userPool.addResourceServer("ResourceServer", {
      identifier: RESOURCE_SERVER,
      userPoolResourceServerName: RESOURCE_SERVER,
      scopes: [read, write],
    });
    for (const [precedence, { name, description }] of GROUPS.entries()) {
      this.userPool.addGroup(`Group${precedence}`, { groupName: name, description, precedence });
    }
    this.clients = new SignInClients(this, "Clients", {
      userPool: this.userPool,
      gatewayUrls,
      homeScopes: [
        cognito.OAuthScope.resourceServer(resourceServer, read),
        cognito.OAuthScope.resourceServer(resourceServer, write),
      ],
      consoleUrl,
    });
  }
}
