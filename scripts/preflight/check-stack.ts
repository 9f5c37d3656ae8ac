import type { Check } from "./check.ts";
import { bad, good } from "./finding.ts";
import { stackThere } from "./stack-there.ts";

/** Is the stack as CloudFormation can create or change it? */
export const checkStack: Check = {
  name: "stack",
  find: async ({ clientOptions, names }) => {
    const stack = await stackThere(clientOptions, names.stack);
    if (stack === undefined) return good(`${names.stack} is not there yet`);
    const status = stack.StackStatus ?? "unknown";
    if (/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(status)) {
      return good(`${names.stack} is there (${status}), and its names are its own`);
    }
    return bad(
      `${names.stack} is there and cannot be changed (${status})`,
      /IN_PROGRESS$/.test(status)
        ? "Wait until that is over."
        : `aws cloudformation delete-stack --stack-name ${names.stack}`,
    );
  },
};
