/** What stands for the secret of an app client in a resolved template, until Cognito has told it. */
export const clientSecretMark = (clientId: string): string => `{{local:client-secret:${clientId}}}`;

const MARK = /\{\{local:client-secret:([a-z0-9]+)\}\}/g;

/** Puts the secrets where their marks stand. */
export const withClientSecrets = (text: string, secretOf: (clientId: string) => string): string =>
  text.replaceAll(MARK, (_, clientId: string) => secretOf(clientId));

/** Does a mark stand anywhere in a value? */
export const hasClientSecretMark = (value: unknown): boolean =>
  JSON.stringify(value ?? null).includes("{{local:client-secret:");
