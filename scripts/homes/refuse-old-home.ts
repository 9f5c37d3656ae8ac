import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { OLD_HOME_KEY } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { type HomeTable, queryAll } from "./directory.ts";

/**
 * Promises that the table, if there is one yet, holds no home of before homes had ids.
 * @throws HomeError `HomeFormatOld`
 */
export const refuseOldHome = async (table: HomeTable): Promise<void> => {
  if (!(await holdsOldHome(table))) return;
  throw new HomeError(
    "HomeFormatOld",
    "This home was made before homes had ids, and its things have other names now. Nothing was changed. Start with another folder (--data DIR), or move this one away; devices are added again with npm run add-device.",
  );
};

const holdsOldHome = async (table: HomeTable): Promise<boolean> => {
  try {
    return (await queryAll(table, OLD_HOME_KEY)).length > 0;
  } catch (error) {
    // The first start.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};
