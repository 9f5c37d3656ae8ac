// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html

import { allUsers } from "../pool/users.ts";
import { userPoolOperation } from "./operation.ts";

/** The settings of a pool, as the template has them. */
export const describeUserPool = userPoolOperation("DescribeUserPool", (cognito, pool) => {
  const { UserPoolName: _, UserPoolTags, ...properties } = pool.properties;
  return {
    UserPool: {
      ...properties,
      ...(UserPoolTags === undefined ? {} : { UserPoolTags }),
      Id: pool.poolId,
      Name: pool.name,
      Arn: pool.arn,
      ...(pool.domain === undefined ? {} : { Domain: pool.domain }),
      EstimatedNumberOfUsers: allUsers(cognito.store, pool).length,
    },
  };
});
