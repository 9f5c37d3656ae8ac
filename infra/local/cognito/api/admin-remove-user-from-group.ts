// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
import { AwsError } from "#local/wire/aws-service.ts";
import { removeFromGroup } from "../pool/users.ts";
import { membershipInput } from "./admin-add-user-to-group.ts";
import { parseInput, requiredUser, userPoolOperation } from "./operation.ts";

/** Takes a user out of a group. Tokens that were given before keep it until they expire. */
export const adminRemoveUserFromGroup = userPoolOperation(
  "AdminRemoveUserFromGroup",
  (cognito, pool, members) => {
    const { Username, GroupName } = parseInput(membershipInput, members);
    if (!pool.groups.has(GroupName)) {
      throw new AwsError("ResourceNotFoundException", "Group not found.");
    }
    removeFromGroup(cognito.store, requiredUser(cognito, pool, Username), GroupName);
    return {};
  },
);
