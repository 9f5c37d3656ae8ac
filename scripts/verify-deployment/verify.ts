import { type Check, type CheckDone, type CheckName, NOTHING_TO_CHECK } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { Fault, type Finding, fault, OK } from "./finding.ts";
import type { Visit } from "./visit.ts";

/**
 * Makes every check, each as soon as what it needs holds, and takes away what was made, however the others ended.
 * `onCheck` hears of each as it is done.
 */
export const verify = async (
  visit: Visit,
  onCheck: (done: CheckDone) => void,
  checks: readonly Check[] = CHECKS,
): Promise<readonly CheckDone[]> => {
  const done: CheckDone[] = [];
  for (const check of checks) {
    const one = await make(check, visit, done);
    done.push(one);
    onCheck(one);
  }
  return done;
};

const make = async (
  check: Check,
  visit: Visit,
  before: readonly CheckDone[],
): Promise<CheckDone> => {
  const { name } = check;
  const missing = check.needs.filter((need) => !isThere(need, before));
  if (missing.length > 0) {
    return {
      check: name,
      state: "untried",
      tookMs: 0,
      code: "Untried",
      summary: `Not tried: it needs ${missing.map((need) => `"${need}"`).join(" and ")}.`,
    };
  }
  const startedMs = performance.now();
  const finding = await check.look(visit).catch((error: unknown) => findingOf(check, error));
  const tookMs = Math.round(performance.now() - startedMs);
  return { check: name, state: stateOf(finding), tookMs, ...finding };
};

// What had nothing to check has made what others need all the same.
const isThere = (need: CheckName, before: readonly CheckDone[]): boolean =>
  before.some(
    ({ check, state, code }) => check === need && (state === "holds" || code === NOTHING_TO_CHECK),
  );

const stateOf = ({ code }: Finding): CheckDone["state"] => {
  if (code === OK) return "holds";
  return code === NOTHING_TO_CHECK ? "untried" : "fails";
};

const findingOf = ({ name }: Check, error: unknown): Finding => {
  if (error instanceof Fault) return error.finding;
  // A mistake of this command's own has no word of AWS's to tell; it must not pass for the stack's.
  if (!(error instanceof Error) || error instanceof TypeError) throw error;
  return fault(
    error.name,
    `The check "${name}" was broken off: ${error.name}, ${error.message.replace(/\.$/, "")}.`,
    FIXES.get(error.name) ?? "Look the error up in the documentation of the service that gave it.",
  );
};

const YOUR_RIGHTS =
  "These are your own rights, not the stack's: whoever verifies needs what infra/aws/README.md lists for add-device, and dynamodb:Query on the audit table.";

const FIXES: ReadonlyMap<string, string> = new Map([
  ["AccessDeniedException", YOUR_RIGHTS],
  ["AccessDenied", YOUR_RIGHTS],
  ["UnauthorizedException", YOUR_RIGHTS],
  ["ForbiddenException", YOUR_RIGHTS],
]);
