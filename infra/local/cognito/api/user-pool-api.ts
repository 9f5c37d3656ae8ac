// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { USER_POOLS } from "#local/wire/json-api.ts";
import { jsonService } from "#local/wire/json-service.ts";
import type { CognitoContext } from "../pool/context.ts";
import { adminAddUserToGroup } from "./admin-add-user-to-group.ts";
import { adminCreateUser } from "./admin-create-user.ts";
import { adminGetUser } from "./admin-get-user.ts";
import { adminListGroupsForUser } from "./admin-list-groups-for-user.ts";
import { adminRemoveUserFromGroup } from "./admin-remove-user-from-group.ts";
import { adminSetUserPassword } from "./admin-set-user-password.ts";
import { adminUserGlobalSignOut } from "./admin-user-global-sign-out.ts";
import { describeUserPool } from "./describe-user-pool.ts";
import { describeUserPoolClient } from "./describe-user-pool-client.ts";
import { listUserPoolClients } from "./list-user-pool-clients.ts";
import { listUsers } from "./list-users.ts";
import { UNSIGNED_OPERATIONS } from "./unsigned-operations.ts";

/** The user-pool API behind the AWS endpoint. */
export const userPoolApi = (cognito: CognitoContext): AwsService => ({
  ...jsonService({
    name: "Cognito",
    api: USER_POOLS,
    operations: [
      adminAddUserToGroup,
      adminCreateUser,
      adminGetUser,
      adminListGroupsForUser,
      adminRemoveUserFromGroup,
      adminSetUserPassword,
      adminUserGlobalSignOut,
      describeUserPool,
      describeUserPoolClient,
      listUserPoolClients,
      listUsers,
    ],
    context: cognito,
  }),
  unsigned: UNSIGNED_OPERATIONS,
});
