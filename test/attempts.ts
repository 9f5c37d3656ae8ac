/** One hostile attempt of somebody or something of one home at another. */
export interface Attempt {
  readonly attempt: string;
  readonly answer: string;
  /** The files, below test/, that hold tests called `attempt <number>: …`. */
  readonly proof: readonly string[];
  /** What is proved when the part exists that it needs. */
  readonly later?: string;
}

const JOURNEY = "journeys/isolation.test.ts";
const CALLS = "local/isolation/calls.test.ts";
const CERTIFICATES = "local/isolation/certificates.test.ts";
const RECORDS = "domain/isolation/homes-and-members.test.ts";
const PLANS = "domain/isolation/plans.test.ts";

/**
 * Homes a, a_b and b, each with the scene goodnight and the device front_door. Ann lives in a, Bo in b, Cy in both; Gus
 * is a guest of a and lives in b; Op looks after every home; Mac is a machine of a.
 */
export const ATTEMPTS: Readonly<Record<number, Attempt>> = {
  1: {
    attempt: "Ann runs a scene in b",
    answer: "HomeUnknown, which lists only a; nothing of b is read",
    proof: [JOURNEY],
  },
  2: {
    attempt: "Ann runs a scene in a home that does not exist",
    answer: "the very same words as 1",
    proof: [JOURNEY],
  },
  3: {
    attempt: "Cy runs a scene and names no home",
    answer: "HomeAmbiguous, both named; nothing is sent",
    proof: [JOURNEY],
  },
  4: {
    attempt: "Gus, whose token may write, runs a scene in a",
    answer: "NotAllowed, which names a; in b the same call runs",
    proof: [JOURNEY],
  },
  5: {
    attempt: "Ann asks for a run of Bo's",
    answer: "RunUnknown, in the words of a run that never was",
    proof: [JOURNEY, CALLS],
  },
  6: {
    attempt: "Ann asks for her own run in b",
    answer: "HomeUnknown",
    proof: [JOURNEY],
  },
  7: {
    attempt: "Cy uses one request_id in a and in b",
    answer: "two runs, each home's own result",
    proof: [JOURNEY, CALLS],
  },
  8: {
    attempt: "Ann and Bo use the same request_id",
    answer: "two runs",
    proof: [JOURNEY],
  },
  9: {
    attempt: "the hash of a's plan is used in b, whose scene is the same word for word",
    answer: "the hashes differ, and a's plan is not carried out as b's",
    proof: [PLANS, CALLS],
    later: "run_scene takes a plan's hash: it refuses one of another home.",
  },
  10: {
    attempt: "an approval of a is used in b",
    answer: "no such tool or argument; nothing is read",
    proof: [CALLS],
    later: "There are approvals: ApprovalUnknown in b, and it stays valid in a.",
  },
  11: {
    attempt: "a run of a is undone in b",
    answer: "no such tool; nothing is read",
    proof: [CALLS],
    later: "There is undo_run: RunUnknown.",
  },
  12: {
    attempt: "a's front door publishes to the shadow of b's",
    answer: "the connection ends, and the shadow is as it was",
    proof: [CERTIFICATES],
  },
  13: {
    attempt: "a's front door signs in by the name of b's",
    answer: "it is not let in",
    proof: [CERTIFICATES],
  },
  14: {
    attempt: "a's front door subscribes to what b's is told, or to everybody's",
    answer: "the connection ends",
    proof: [CERTIFICATES],
  },
  15: {
    attempt: "a's front door leaves a last will on b's topic",
    answer: "the will is said to nobody; b's is not offline",
    proof: [CERTIFICATES],
  },
  16: {
    attempt: "a's certificate is attached to a thing of b as well",
    answer: "refused: it is one thing's alone",
    proof: [CERTIFICATES],
  },
  17: {
    attempt: "a's hub publishes for a_b's lamp and for b's",
    answer: "refused; for a's allowed",
    proof: [CERTIFICATES],
    later: "The stack has a policy for hubs; until then the test brings its own.",
  },
  18: {
    attempt: "a device of a echoes a command with the id of b's run",
    answer: "a row in a's partition only; b's run shows nothing of it",
    proof: [CALLS],
  },
  19: {
    attempt: "it names a run or a stage that is none: another key, an object, 64 kB, 10⁹",
    answer: "no row",
    proof: [CALLS],
  },
  20: {
    attempt: "a record of a names a thing of b",
    answer: "DeviceInvalid, which names both; nothing of the home is sent",
    proof: [RECORDS, CALLS],
  },
  21: {
    attempt: "the workflow of a is handed a plan with a thing of b",
    answer: "each function refuses it whole, before anything is sent",
    proof: [PLANS],
  },
  22: {
    attempt: "a home is called a#RUN, a-b, A, ä, nothing, 25 letters, all, __proto__, a list",
    answer: "HomeInvalid, each",
    proof: [RECORDS],
  },
  23: {
    attempt: "the argument home holds a key's sign, a star, a right-to-left mark, 10 kB",
    answer: "HomeUnknown or ArgumentsInvalid, in a text that is cut and printable",
    proof: [JOURNEY],
  },
  24: {
    attempt: "Ann sends the headers of another home or of Bo",
    answer: "ignored: the caller is the token's",
    proof: [JOURNEY],
  },
  25: {
    attempt: "Mac, or Ann with a code, sends client metadata that names b",
    answer: "the token is as without it, and calls reach a only",
    proof: [JOURNEY],
  },
  26: {
    attempt: "a membership has an unknown role, no role, another key, an old time or format",
    answer: "it gives nothing",
    proof: [RECORDS],
  },
  27: {
    attempt: "Ann is in groups called HOME#b, residents#b and a|residents",
    answer: "no scope, and no home",
    proof: [JOURNEY],
  },
  28: {
    attempt: "a membership is deleted before a call, and during a run; the token is old",
    answer: "NoHome; the run ends, and is found nowhere afterwards",
    proof: [JOURNEY],
  },
  29: {
    attempt: "b is deleted; its people call, and a new home asks for its id",
    answer: "NoHome; the id is refused",
    proof: [JOURNEY],
    later:
      "delete-home withdraws the certificates of b's devices: they are not let in; and takes back what the scheduler holds of b: what comes all the same finds no home.",
  },
  30: {
    attempt: "the scheduler names another home's schedule or scene, or none",
    answer:
      "ScheduleUnknown, as for one that never was; no such argument of run_scene; its role gives none of a person's rights",
    proof: [CALLS],
  },
  31: {
    attempt: "a page token of a's list is used in b, altered, or by somebody else",
    answer: "no such tool or argument; nothing is read",
    proof: [CALLS],
    later: "There is list_runs: CursorInvalid.",
  },
  32: {
    attempt:
      "the index byDay is asked by a day alone, or with a's by b; a record lies under b's key",
    answer: "it cannot be written; by hand it is RecordInvalid, and nobody's answer",
    proof: [CALLS],
  },
  33: {
    attempt: "Cy names a scene that a and b call the same",
    answer: "each home's own; HomeAmbiguous without a home",
    proof: [JOURNEY],
  },
  34: {
    attempt: "Op looks at a run of a, and the look cannot be recorded",
    answer: "no answer; with the record, which names Op, there is one",
    proof: [CALLS, JOURNEY],
  },
  35: {
    attempt: "Op runs a scene in a without a grant, and with one that ended a second ago",
    answer: "NotAllowed, both",
    proof: [CALLS, JOURNEY],
  },
  36: {
    attempt: "a device and a role of the stage dev stand beside the default one on one broker",
    answer: "the default's table has no row; AccessDenied",
    proof: ["local/iot/two-stages.test.ts"],
  },
  37: {
    attempt: "Ann looks at a device of b, asks why it is as it is, and sets it",
    answer:
      "DeviceUnknown and HomeUnknown; no thing and no report of b is read, and nothing is sent",
    proof: [CALLS],
  },
  38: {
    attempt: "a report under the thing of a that names b as its home",
    answer: "RecordInvalid; nothing of it is told",
    proof: [CALLS],
  },
};
