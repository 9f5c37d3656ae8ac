import { requiredVariable } from "#adapters/environment.ts";

/**
 * What a bundle has in the place of the SDK's own search for credentials: Lambda gives them to a function in its
 * environment, so that no function needs the eight other ways to come by some, a third of each bundle. They are as old as the
 * process, and read once: each variable takes a microsecond, and each call asks.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = () => {
  let credentials: Credentials | undefined;
  return async (): Promise<Credentials> => {
    credentials ??= {
      accessKeyId: requiredVariable("AWS_ACCESS_KEY_ID"),
      secretAccessKey: requiredVariable("AWS_SECRET_ACCESS_KEY"),
      ...(process.env.AWS_SESSION_TOKEN === undefined
        ? {}
        : { sessionToken: process.env.AWS_SESSION_TOKEN }),
    };
    return credentials;
  };
};

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
