import type { ClientName, SignIn } from "../command/endpoints.ts";

/** The same without the secrets of the clients that are not among those: what a house tells holds all of them. */
export const withoutSecrets = (signIn: SignIn, shown: readonly ClientName[]): SignIn => {
  const { clients, ...cognito } = signIn.cognito;
  const bare = (name: ClientName) => {
    const { clientId, clientSecret } = clients[name];
    return clientSecret !== undefined && shown.includes(name)
      ? { clientId, clientSecret }
      : { clientId };
  };
  return {
    gateway: signIn.gateway,
    cognito: {
      ...cognito,
      clients: {
        machine: bare("machine"),
        claudeWeb: bare("claudeWeb"),
        local: bare("local"),
        console: bare("console"),
      },
    },
  };
};
