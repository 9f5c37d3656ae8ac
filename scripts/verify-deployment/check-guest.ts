import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { refusedKey } from "#domain/home/keys.ts";
import { isObject } from "#domain/json.ts";
import type { Check } from "./check.ts";
import { joinAs, SCENE } from "./check-home.ts";
import { fault, well } from "./finding.ts";
import { made, type Visit } from "./visit.ts";

/** A guest may look and not switch, is told so, and the refusal is recorded. */
export const checkGuest: Check = {
  name: "guest",
  needs: ["scene"],
  look: async (visit) => {
    const session = made(visit.session, "MCP session");
    await joinAs(visit, "guest");
    const { home } = visit;
    const looked = await session.call("home___get_home", { home });
    const switched = await session.call("home___run_scene", { home, scene: SCENE });
    await joinAs(visit, "resident");
    if (isObject(looked.answer.error)) {
      return fault(
        "GuestMayNotLook",
        `A guest was refused a look: ${String(looked.answer.error.message)}`,
        "get_home needs the scope read and membership alone.",
      );
    }
    if (!isObject(switched.answer.error)) {
      return fault(
        "GuestMaySwitch",
        "A guest ran a scene: the role in the home was not looked at.",
        "The function home must refuse who has no right to change (functions/domain/access/home-access.ts).",
      );
    }
    const { code } = switched.answer.error;
    if (!switched.isError) {
      return fault(
        "RefusalNotMarked",
        `A guest's refusal (${String(code)}) came without isError, and clients take it for a success: the RESPONSE interceptor did not mark it.`,
        "intercept-tool-call sets isError; does the gateway take what it returns?",
      );
    }
    if (!(await isRecorded(visit, String(code)))) {
      return fault(
        "RefusalNotRecorded",
        `A guest was refused (${String(code)}), and the audit has no record of it: home may not write refusals.`,
        'The grant "home may record refusals", and its LeadingKeys condition; the log of home names the error.',
      );
    }
    return well(`A guest may look, is refused to switch (${String(code)}), and that is recorded.`);
  },
};

const isRecorded = async ({ registry, home }: Visit, code: string): Promise<boolean> => {
  const day = new Date().toISOString().slice(0, 10);
  const { Items = [] } = await registry.dynamoDb.send(
    new QueryCommand({
      TableName: registry.auditTable,
      KeyConditionExpression: "PK = :day",
      FilterExpression: "home = :home AND code = :code",
      ExpressionAttributeValues: {
        ":day": { S: refusedKey(day) },
        ":home": { S: home },
        ":code": { S: code },
      },
      ConsistentRead: true,
      // The newest are the last of the day's.
      ScanIndexForward: false,
    }),
  );
  return Items.length > 0;
};
