import { expect, test } from "vitest";
import { refuseWithoutAws, sameStack } from "../../../scripts/command/registry-options.ts";

const HOUSE = { aws: false, data: ".home" } as const;

test("the house in .home needs no option, and every other stack its own", () => {
  const named = [
    sameStack(HOUSE),
    sameStack({ ...HOUSE, data: "other" }),
    sameStack({ ...HOUSE, aws: true }),
    sameStack({
      ...HOUSE,
      aws: true,
      stack: "SmarthomeScenes-dev",
      profile: "ada",
      region: "eu-1",
    }),
  ];

  expect(named).toEqual([
    "",
    " --data other",
    " --aws",
    " --aws --stack SmarthomeScenes-dev --profile ada --region eu-1",
  ]);
});

test.each(["stack", "profile", "region", "endpoint-url"] as const)(
  "--%s is of an account, and refused without --aws",
  (option) => {
    expect(() => refuseWithoutAws({ ...HOUSE, [option]: "x" })).toThrow(
      `--${option} goes with --aws.`,
    );
    expect(() => refuseWithoutAws({ ...HOUSE, aws: true, [option]: "x" })).not.toThrow();
  },
);
