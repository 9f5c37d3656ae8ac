// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
import * as z from "zod";
import { parseInput, userPoolOperation } from "./operation.ts";
import { page, pageMembers } from "./page-of-list.ts";

const input = z.object({ MaxResults: pageMembers.limit, NextToken: pageMembers.token });

/** The app clients of a pool, without their secrets. */
export const listUserPoolClients = userPoolOperation(
  "ListUserPoolClients",
  (_cognito, pool, members) => {
    const { MaxResults, NextToken } = parseInput(input, members);
    const { items, next } = page([...pool.clients.values()], MaxResults, NextToken);
    return {
      UserPoolClients: items.map(({ clientId, name }) => ({
        ClientId: clientId,
        UserPoolId: pool.poolId,
        ClientName: name,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
);
