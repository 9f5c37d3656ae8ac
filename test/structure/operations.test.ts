import { expect, test } from "vitest";
import { trackedFiles } from "./tracked-files.ts";

// The rooms in which a file with one of AWS's verbs in its name is that operation of AWS.
const OPERATION =
  /^infra\/local\/(\w|-)+\/((api|items|tables|data-plane|registry)\/)?(admin|attach|batch|create|delete|describe|detach|get|list|put|query|scan|stop|tag|transact|untag|update|validate)(-(\w|-)+)?\.ts$/;

test("the file of an operation begins with the address of the page that it follows", () => {
  const operations = [...trackedFiles(OPERATION)].filter(
    ([file]) => !file.startsWith("infra/local/stack/"),
  );

  expect(operations.length).toBeGreaterThan(60);
  expect(
    operations.filter(([, text]) => !/^\/\/ .*https:\/\/\S+/.test(text)).map(([file]) => file),
  ).toEqual([]);
});
