// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { USER_POOLS } from "#local/wire/json-api.ts";

// Those that the service's model marks as needing no signature.
const UNSIGNED = [
  "AssociateSoftwareToken",
  "ChangePassword",
  "CompleteWebAuthnRegistration",
  "ConfirmDevice",
  "ConfirmForgotPassword",
  "ConfirmSignUp",
  "DeleteUser",
  "DeleteUserAttributes",
  "DeleteWebAuthnCredential",
  "ForgetDevice",
  "ForgotPassword",
  "GetDevice",
  "GetTokensFromRefreshToken",
  "GetUser",
  "GetUserAttributeVerificationCode",
  "GetUserAuthFactors",
  "GlobalSignOut",
  "InitiateAuth",
  "ListDevices",
  "ListWebAuthnCredentials",
  "ResendConfirmationCode",
  "RespondToAuthChallenge",
  "RevokeToken",
  "SetUserMFAPreference",
  "SetUserSettings",
  "SignUp",
  "StartWebAuthnRegistration",
  "UpdateAuthEventFeedback",
  "UpdateDeviceStatus",
  "UpdateUserAttributes",
  "VerifySoftwareToken",
  "VerifyUserAttribute",
];

/** The operations that apps call for a person, without a signature. None is imitated: people sign in on the pages. */
export const UNSIGNED_OPERATIONS = {
  name: "Cognito",
  targets: new Set(UNSIGNED.map((name) => `${USER_POOLS.target}.${name}`)),
};

/** The refusal of a call of the user-pool API where the sign-in pages are; `undefined` for what is no such call. */
export const refusalOfApiCall = (target: string | undefined): AwsError | undefined => {
  const prefix = `${USER_POOLS.target}.`;
  if (target?.startsWith(prefix) !== true) return undefined;
  const name = target.slice(prefix.length);
  return UNSIGNED_OPERATIONS.targets.has(target)
    ? notEmulated(UNSIGNED_OPERATIONS.name, name)
    : new AwsError(
        "NotEmulated",
        `Cognito ${name} is not at this address: signed operations of the user-pool API are at the AWS endpoint.`,
        { status: 501 },
      );
};
