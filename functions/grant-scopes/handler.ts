import { logger, observed } from "#adapters/observed.ts";
import { fullScope } from "#domain/access/caller.ts";
import { scopesOfGroups } from "#domain/access/scopes-of-groups.ts";
import { isObject } from "#domain/json.ts";
import { parseTokenEvent } from "./token-event.ts";

/**
 * Cognito's pre token generation trigger: a person's access token gets the scopes of the person's groups, whatever the
 * client asked for. A machine's token stays as Cognito made it.
 */
export const handler = observed(async (event): Promise<unknown> => {
  const { isMachine, groups } = parseTokenEvent(event);
  if (isMachine) return event;
  const granted = scopesOfGroups(groups);
  if (granted.length === 0) logger.info("A person without rights signed in", { groups });
  return {
    ...(isObject(event) ? event : {}),
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          scopesToAdd: granted.map(fullScope),
          scopesToSuppress: (["read", "write"] as const)
            .filter((scope) => !granted.includes(scope))
            .map(fullScope),
        },
      },
    },
  };
});
