import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/command.ts";

/** The commands of a section of infra/aws/README.md, in their order, without what is said of them. */
export const commandsOf = (heading: string): readonly string[] => {
  const page = readFileSync(join(ROOT, "infra", "aws", "README.md"), "utf8");
  const [, section] = page.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`infra/aws/README.md has no section "${heading}".`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .filter((line) => line.startsWith("npm run "))
      .map((line) => line.replace(/ +# .*$/, "").trim()),
  );
};
