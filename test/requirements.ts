/** A promise of the system, and where it was made: a public specification, a page of AWS, or a section of a document here. */
export interface Requirement {
  readonly promise: string;
  readonly source: string;
}

/**
 * What the system promises. A test that proves one cites its key in a comment line, `REQ:` and the key;
 * test/domain/requirements.test.ts sees to it that each is cited and that none is cited which is not here.
 */
export const REQUIREMENTS = {
  // Devices, and bridges to real ones.
  "bridge-asked-only": {
    promise:
      "A device acts on what is asked of it, as its shadow has it, and never on what it reported itself.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  "bridge-evidence": {
    promise: "A bridge calls done only what the device itself said after it was told.",
    source: "infra/bridges/README.md#what-counts-as-done",
  },
  "bridge-own-units": {
    promise:
      "A bridge compares in the device's own units and steps, and reports the asked number back where they are the same.",
    source: "infra/bridges/README.md#what-counts-as-done",
  },
  "bridge-asleep": {
    promise:
      "A device that does not answer is told nothing, so that nothing is done later when it wakes.",
    source: "infra/bridges/README.md#what-counts-as-done",
  },
  "bridge-superseded": {
    promise: "A second command for a device ends the first, which is answered as superseded.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  // The home, its scenes and plans.
  "device-vocabulary": {
    promise:
      "A wanted state is in human units, one capability of the device's kind; only absolute states are commanded.",
    source: "infra/house/your-own-device.md#the-words-of-each-kind",
  },
  "ambiguous-names": {
    promise: "A name that two things have is not guessed: the caller is asked which one.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "closest-names": {
    promise: "An unknown scene or device is refused with the closest names.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "demo-home": {
    promise: "The demo home has 5 rooms and 14 devices of every kind.",
    source: "infra/house/README.md#the-simulated-home",
  },
  "scene-format": {
    promise:
      "A plain scene of Home Assistant is a scene; every further member is of the documented schema, which an independent validator reads.",
    source: "functions/domain/scene/README.md#scenes-as-they-are-written",
  },
  "scene-errors": {
    promise:
      "A bad scene is refused with a code, its member, line and column; nothing is saved or sent.",
    source: "functions/domain/scene/README.md#scenes-as-they-are-written",
  },
  "scene-import": {
    promise:
      "Each form of Home Assistant's scenes is imported, or reported as skipped with its reason; exported and imported again a scene is the same.",
    source: "functions/domain/scene/README.md#from-home-assistant-and-back",
  },
  "plan-hash": {
    promise:
      "A plan's hash is the SHA-256 of its canonical JSON: equal plans have equal hashes, and no others.",
    source: "DECISIONS.md#d11",
  },
  "left-out": {
    promise: "Devices that the caller excepts are not asked, and the answer says so.",
    source: "DECISIONS.md#d10",
  },

  // Schedules.
  "plan-is-run": {
    promise: "run_scene with a plan's hash runs exactly that plan, or says what changed.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "approval-once": {
    promise:
      "What lets somebody in needs a resident's approval of that very plan, good for one run.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "undo-untouched": {
    promise: "An undo restores only what nobody touched since, and lets nobody in.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "sent-again-once": {
    promise: "A silent device is sent the same command again, with the same expiry, within bounds.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "lenient-arguments": {
    promise:
      "Arguments are read as models send them; what is not understood is refused with an example, or named and passed over where nothing depends on it.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "state-with-age": {
    promise:
      "Each value that a device reported is told with how old it is; what is not known is told apart.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "why-it-is-so": {
    promise:
      "Why a device is as it is: what changed it last, when, and how well it answers; names for operators and oneself alone.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "set-without-scene": {
    promise: "Devices set without a saved scene are a run like any other.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "household-requests": {
    promise:
      "Sixty requests of a household, and the calls that a good model makes of them, are answered.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "yields-to-hand": {
    promise:
      "Where a scene yields to people, a device that somebody switches during its run is left to them, and told as superseded by hand.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "never-unattended": {
    promise:
      "What unlocks, disarms, or opens a way into the house runs for a person, and never by itself.",
    source: "functions/README.md#what-a-schedule-promises",
  },

  "schedule-through-gateway": {
    promise:
      "A schedule runs its scene through the gateway, as the machine client, once for each planned minute however often it is delivered.",
    source: "functions/README.md#what-a-schedule-promises",
  },
  "schedule-kept": {
    promise:
      "A firing that breaks is tried again; then its event is kept, and each attempt is recorded.",
    source: "functions/README.md#what-a-schedule-promises",
  },
  "schedule-sun-refreshed": {
    promise: "What the sun decides is placed two days ahead, each firing once.",
    source: "functions/README.md#what-a-schedule-promises",
  },
  "machine-token-throttled": {
    promise:
      "A token is kept for three quarters of its life, and while Cognito throttles it is asked for again, more and more seldom.",
    source:
      "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-caching-tokens.html",
  },
  "gateway-tested": {
    promise:
      "npm run test-gateway says of each step of a machine's call what came back, or what is wrong and what to do next, and no secret.",
    source: "scripts/README.md#what-every-command-promises",
  },
  "schedule-answers": {
    promise:
      "Whoever makes a schedule is told its next times, absolute and in the home's zone, and what its rules mean for it.",
    source: "functions/README.md#what-a-schedule-promises",
  },
  "schedule-nothing-half": {
    promise:
      "A cut-off between a schedule's record and the scheduler fires nothing, and the next call finishes it.",
    source: "functions/README.md#what-a-schedule-promises",
  },
  "schedule-dead-letters": {
    promise:
      "A firing that was given up is kept, listed with its reason, and can be run again from there.",
    source: "scripts/README.md#schedules",
  },
  "schedule-bad-input": {
    promise: "A schedule that is wrong is refused with a code and an example, and nothing is made.",
    source: "functions/README.md#what-a-schedule-promises",
  },

  // When scenes run by themselves.
  "schedule-expressions": {
    promise:
      "EventBridge Scheduler's expressions are taken and refused as recorded, with its own text, and mean the instants that its guide names.",
    source: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
  },
  "schedule-clock-changes": {
    promise:
      "A time that does not exist that night is skipped, and told, or run after the leap where that was asked; one that comes twice runs once.",
    source: "functions/domain/schedule/README.md#what-the-clock-changes-do",
  },
  "schedule-sun": {
    promise:
      "A day without sunrise or sunset has none, and nothing is put in its place; each other has one, the same second whoever asks.",
    source: "functions/domain/schedule/README.md#the-homes-words",
  },
  "schedule-holidays": {
    promise:
      "Holidays are left out where that was asked, and told; a year without a list warns and is no year of working days by itself.",
    source: "functions/domain/schedule/README.md#holidays",
  },
  "schedule-months": {
    promise: "Months without the day that a schedule names are told when it is made.",
    source: "functions/domain/schedule/README.md#the-homes-words",
  },

  // Homes and who belongs to them.
  "home-in-every-key": {
    promise: "Every key, thing and run id of a call is made of the one home that the call has.",
    source: "functions/README.md#whose-home",
  },
  "home-never-guessed": {
    promise: "Who has several homes and names none is asked which one is meant.",
    source: "functions/README.md#whose-home",
  },
  "membership-at-call-time": {
    promise: "What somebody may do in a home is what their membership says at the call.",
    source: "functions/README.md#whose-home",
  },
  "foreign-and-missing-alike": {
    promise: "A home of somebody else is refused in the words of one that does not exist.",
    source: "functions/README.md#whose-home",
  },
  "stage-in-things": {
    promise: "Two stages of one account never hear, command or record each other's things.",
    source: "infra/aws/README.md#stages",
  },

  // The contract with devices.
  "command-form": {
    promise:
      "A command is one shadow update: the wanted state, and a command with id, run, stage, expiry and fade.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  "new-command-id": {
    promise:
      "Each run and stage has a command id of its own, so that no stale shadow confirms anything.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  "whole-echo": {
    promise: "A device reports its state and echoes the whole command in one update.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  "expired-refused": {
    promise: "A device refuses a command after its expiry.",
    source: "infra/house/your-own-device.md#what-a-device-promises",
  },
  "answered-once": {
    promise: "A command that is delivered again is answered once.",
    source: "infra/house/README.md#what-the-contract-promises",
  },
  faults: {
    promise: "Each device can be made silent, slow, refusing, offline, duplicating or jammed.",
    source: "infra/house/README.md#faults",
  },

  // A run.
  "recorded-first": {
    promise: "Nothing is sent before the request is recorded, and the same run never runs twice.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "delivered-twice": {
    promise: "A start that is delivered twice commands each device once.",
    source: "workflows/README.md#what-a-run-promises",
  },
  batches: {
    promise: "A stage is published in batches, each device once.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "device-failure-is-data": {
    promise: "A device or a batch that fails is data, and the others go on.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "answered-at-once": {
    promise:
      "A stage of up to 50 devices that all answer at once is awaited, and after the last one concluded, by the call that published it, as the other functions would have done it.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "windows-end-early": {
    promise: "Waiting ends with the last acknowledgement.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "stale-looks": {
    promise:
      "A look for acknowledgements that may be stale delays a stage by one look at most, and gives no device up.",
    source:
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html",
  },
  "window-per-kind": {
    promise: "A window has a default per kind, and ends the waiting for a silent device.",
    source: "infra/house/your-own-device.md#the-words-of-each-kind",
  },
  "window-settings": {
    promise: "A window can be set per device and per scene.",
    source: "workflows/README.md#what-a-run-promises",
  },
  gate: {
    promise: "A required device that is not confirmed keeps the later stages from running.",
    source: "workflows/README.md#what-a-run-promises",
  },
  withdrawal: {
    promise: "What was not acknowledged is withdrawn, so that nothing fires later.",
    source: "DECISIONS.md#d6",
  },
  sweeper: {
    promise:
      "A run whose workflow is gone is ended within a minute after its time: its commands are taken back, and what is known is recorded.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "begun-in-time": {
    promise:
      "A run that begins more than 30 s after it was asked for sends nothing and says so, so that every run has ended before anybody takes it for over.",
    // An asynchronous start is delivered at least once, with no promise of when.
    source:
      "https://docs.aws.amazon.com/step-functions/latest/dg/express-at-least-once-execution.html",
  },
  "time-budget": {
    promise:
      "However slow its calls are, a run is concluded and recorded before its workflow's time limit.",
    source: "workflows/README.md#the-time-of-a-run",
  },
  "lost-answer": {
    promise:
      "A write whose answer got lost, so that the SDK's next try is refused because of it, counts as written.",
    source:
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate",
  },
  superseded: {
    promise: "A command of another run is left alone, and the device is called superseded.",
    source: "DECISIONS.md#d6",
  },
  "one-outcome": {
    promise:
      "Each planned device has exactly one outcome, and none is confirmed without its own answer.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "done-means-all": {
    promise: "A run is done only when every device is confirmed or already there.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "late-answer": {
    promise: "An answer after the window is told as confirmed_late.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "scenes-at-once": {
    promise: "Two different scenes at once both finish and are both recorded.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "supported-integrations": {
    promise: "Workflows call only what Step Functions can call.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html",
  },
  "workflow-table": {
    promise: "The workflows' README lists every state.",
    source: "workflows/README.md#the-states-of-run-scene",
  },

  // Who may do what.
  "signed-in": {
    promise:
      "A missing, expired, forged or foreign token gets 401 with the challenge, and no function is called.",
    source: "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization",
  },
  "clients-and-scopes": {
    promise: "The gateway lets in the pool's clients with at least one of the two scopes.",
    source:
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html",
  },
  "scopes-advertised": {
    promise: "Metadata and challenge name the two scopes, which cures invalid_scope.",
    source: "https://www.rfc-editor.org/rfc/rfc9728#section-2",
  },
  "insufficient-scope": {
    promise: "A tool without its scope is refused with 403 insufficient_scope.",
    source: "https://www.rfc-editor.org/rfc/rfc6750#section-3.1",
  },
  "scopes-checked-twice": {
    promise: "The function checks again what the interceptor decided.",
    source: "functions/README.md#who-calls",
  },
  "own-credentials": {
    promise:
      "A device on the network signs in over TLS with a certificate of its own; without one that is registered and active nobody gets in.",
    source: "https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html",
  },
  "own-shadow-only": {
    promise: "A device says and hears only what is its own shadow's, by the template's policy.",
    source: "https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html",
  },
  "no-caller-no-call": {
    promise: "A missing caller is no caller.",
    source: "functions/README.md#who-calls",
  },
  "caller-from-token": {
    promise: "Who calls comes from the verified token, whatever headers a client sends.",
    source:
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html",
  },
  "rights-by-group": {
    promise: "Rights follow the person's groups, not what a client asks for.",
    source: "DECISIONS.md#d49",
  },

  // The tools.
  "tool-budget": {
    promise:
      "The household has at most twelve tools; all tools together stay under 12,000 characters.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "tools-by-scope": {
    promise: "A caller sees the tools that the token allows.",
    source: "functions/README.md#who-calls",
  },
  "structured-results": {
    promise: "Results are structured, and a refusal is an error.",
    source: "https://modelcontextprotocol.io/specification/2025-11-25/server/tools",
  },
  "say-is-safe": {
    promise: "`say` can be repeated word for word: it never claims what no device reported.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "next-step": {
    promise: "Only what is not as asked is listed, each with the exact next step.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "bad-input-changes-nothing": {
    promise: "Bad input is a clear error, and nothing is changed.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "request-id": {
    promise: "The same request id is the same run, and nothing is sent twice.",
    source: "DECISIONS.md#d12",
  },
  "answers-in-time": {
    promise:
      "Whatever starts a run answers within its wait_s, 45 s at most: with the result, or with what is confirmed, what is awaited, and how to hear of the end.",
    // Clients give a call up after a time of their own, the official SDK's after 60 s.
    source: "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts",
  },
  "joined-runs": {
    promise:
      "The same request again while its run goes on is that run, with a request id or without one; nothing is sent twice.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "undone-once-at-a-time": {
    promise:
      "A run is taken back by one run at a time, whoever asks, also while its undo is about to begin by itself.",
    source: "functions/README.md#what-the-tools-promise",
  },
  "undone-by-itself": {
    promise:
      "A scene that is to be done whole or not at all is taken back once, by who ran it, whether anybody waits or not; what became of that stands in the run's records.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "get-run-while-running": {
    promise: "get_run answers also while the run is going on, by run id and by request id.",
    source: "functions/README.md#what-the-tools-promise",
  },

  // Devices that people attach.
  "loopback-only": {
    promise:
      "Nothing of the house answers beyond the loopback interface, but with --lan the one port for devices with certificates.",
    source: "scripts/README.md#what-every-command-promises",
  },
  "add-device": {
    promise:
      "A device that somebody registers, here or on AWS, is a thing with a certificate and the device policy, and scenes can ask it.",
    source: "infra/house/your-own-device.md#what-add-device-does",
  },
  "add-device-key": {
    promise: "A device's private key is written for its owner alone and never printed.",
    source: "DECISIONS.md#d63",
  },
  "remove-device": {
    promise: "A device that was removed is let in no more.",
    source: "DECISIONS.md#d64",
  },

  "foreign-clients": {
    promise: "mosquitto's clients, the AWS CLI and the AWS SDK work as the README prints it.",
    source: "infra/house/your-own-device.md#watch-and-prod-a-device",
  },

  // The audit.
  "audit-request": {
    promise: "A request's record says who asked for what, through what, why and when.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "audit-record": {
    promise:
      "The audit holds for each device what was asked, the state before and after, and both times.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "audit-only-grows": {
    promise: "Audit records are only ever added.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "log-only-grows": {
    promise:
      "Entries are appended to a home's log in one transaction with its head, each record once, and no deployed role may change or delete one.",
    source: "https://www.rfc-editor.org/rfc/rfc6962#section-2.1",
  },
  receipt: {
    promise:
      "run_scene's answer holds the hash of the run's outcome as it is stored, and the outcome the hashes of the records that it was judged by.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "deployment-verified": {
    promise:
      "A stack is tried from its outputs alone, every fault is told with its cause, and each open question is printed as settled or not.",
    source: "infra/aws/README.md#what-has-not-been-tried-against-an-account",
  },
  canary: {
    promise:
      "Where it is asked for, a canary runs a scene of one simulated lamp every quarter of an hour, and an alarm rings where that is not done.",
    source: "infra/aws/watch/runbook.md#canaryfailed",
  },
  measures: {
    promise:
      "The functions count runs by outcome, acknowledgements by kind, late ones, refusals and withdrawals, in CloudWatch's embedded metric format.",
    source:
      "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html",
  },
  "known-well": {
    promise:
      "Whatever keeps the stack from being well rings an alarm of one topic, and each alarm has its paragraph in the runbook.",
    source: "infra/aws/watch/runbook.md#when-an-alarm-rings",
  },
  "seal-alarms": {
    promise:
      "Three alarms ring when records wait for their entry, and each names its paragraph of the runbook.",
    source: "infra/aws/watch/runbook.md#logbehind",
  },
  "head-signed-after": {
    promise:
      "A head is signed with KMS's Ed25519 only when its entries are committed, so that no two signed heads of a log disagree.",
    source: "https://www.rfc-editor.org/rfc/rfc6962#section-3.5",
  },
  "record-never-overwritten": {
    promise:
      "No record overwrites another: a command that a device reports again is another record, and the first is its answer.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "change-without-run": {
    promise: "What a device changes without a command is recorded, and a sensor's reading is not.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "change-by-command": {
    promise:
      "A home, member or device that a command adds, changes or takes away is recorded, with who gave the command as far as it knows.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "response-headers-returned": {
    promise:
      "The RESPONSE interceptor returns every header that came in, and a content type with every body; the imitation keeps none that is left out.",
    source:
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html",
  },
  "denial-built-again": {
    promise:
      "A refusal whose body does not reach the RESPONSE interceptor is built again from the request, challenge included.",
    source: "functions/README.md#who-calls",
  },
  "guest-told-plainly": {
    promise:
      "Who could never have a tool's scope is told so in the tool's result; 403 with its challenge is for those whom another sign-in can help.",
    source:
      "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#scope-challenge-handling",
  },
  "token-for-another": {
    promise:
      "A token that names another server as its audience is refused; one that names none, as machines' do, is not.",
    source:
      "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#access-token-usage",
  },
  "clients-known-by-their-request": {
    promise:
      "By the address that a program opens the doctor knows which program it is and what it has to be told.",
    source: "scripts/README.md#the-doctor-and-the-programs-that-people-connect-with",
  },
  "rule-roles-probed": {
    promise: "A topic rule whose role IoT cannot take is not made, and says so by name.",
    source: "https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html",
  },
  "busy-told": {
    promise:
      "Of more calls than an account has functions for, each is answered: done, or that the house is busy; no run is half recorded.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
  },
  "planted-mistakes-refused": {
    promise:
      "Mistakes in the template that a deployment would stop at are found before: by the schemas, the emulators' own readers, and lists of what is allowed.",
    source: "infra/aws/README.md#what-the-stack-declares",
  },
  "strictness-noticed": {
    promise:
      "The imitation is as strict as the worst that is documented or reported of AWS, always; were it lenient in one point, a journey would fail.",
    source: "infra/local/README.md#as-strict-as-the-worst-of-aws",
  },
  "small-cold-starts": {
    promise: "A cold start of a function loads less than 400 KiB of code.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html#function-code",
  },
  "runs-traced": {
    promise: "Every function's bundle runs with X-Ray's tracing on, as it is deployed.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-tracing.html",
  },
  "detachment-seen-late": {
    promise:
      "A certificate that was taken off a thing is seen there for some seconds more; commands wait for it.",
    source: "https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html",
  },
  "batches-checked-by-the-function": {
    promise:
      "What the gateway's interceptor cannot read, such as a batch, is checked by the function itself.",
    source: "functions/README.md#who-calls",
  },
  "refusals-recorded": {
    promise:
      "A call that a function refuses is recorded, of the same in a minute the first; what the gateway itself refuses, no function sees.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "fleet-apart": {
    promise:
      "All homes' runs are listed by a function and role of its own, to whoever looks after every home alone, without people, rooms or devices.",
    source: "functions/README.md#who-calls",
  },
  "visits-recorded": {
    promise:
      "Each look of somebody who does not live there is a record before it is answered; without the record there is no answer.",
    source: "functions/README.md#who-calls",
  },
  "acknowledgement-writes-itself": {
    promise: "The IoT rule records each acknowledgement, with the state before and after.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  "device-speaks-for-itself": {
    promise: "A device can acknowledge only for itself.",
    source: "workflows/README.md#what-the-audit-keeps",
  },
  retention: {
    promise: "Recovery and retention have stated defaults.",
    source: "infra/aws/README.md#settings",
  },

  // Deployment, and its imitation on one machine.
  "synthesizes-offline": {
    promise: "The stack synthesizes without network, credentials or lookups.",
    source: "infra/aws/README.md#what-is-deployed",
  },
  "first-deployment": {
    promise:
      "A first deployment gives IAM time before what tries a role, changes the gateway by one thing after the other, and leaves nothing behind when it fails.",
    source: "infra/aws/README.md#what-deploying-takes",
  },
  "deployment-commands": {
    promise:
      "The deployment's commands alone bring a stack with an empty table to a finished goodnight, and down again, and leave nothing but what is named.",
    source: "infra/aws/README.md#taking-it-down",
  },
  "seed-home": {
    promise:
      "A home gets from a file what it lacks, and what is there already and otherwise is shown and left as it is.",
    source: "infra/aws/README.md#what-deploying-takes",
  },
  "show-connection": {
    promise:
      "Each client's lines are printed with what belongs in them, and a secret only where it was asked for.",
    source: "infra/aws/README.md#what-deploying-takes",
  },
  preflight: {
    promise:
      "Before a deployment each thing that can be in its way is looked at, and named with what to do about it.",
    source: "infra/aws/README.md#what-deploying-takes",
  },
  "checks-find-nothing": {
    promise:
      "cdk-nag and CloudFormation's check find nothing that is not acknowledged with a reason.",
    source: "DECISIONS.md#d32",
  },
  "roles-enforced": {
    promise:
      "Each call is decided by the role's synthesized policies; a refusal names role, action and resource.",
    source: "infra/local/iam/README.md#iam-as-far-as-the-local-stack-needs-it",
  },
  "unknown-is-refused": {
    promise:
      "What the template holds and the local stack does not imitate is refused by name at start.",
    source: "infra/local/README.md#the-local-stack-what-is-imitated-how-exactly-and-what-not",
  },
  "schedules-fire-here": {
    promise:
      "A schedule of the template, or one made at run time, calls its target on one machine when and as EventBridge Scheduler would.",
    source: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
  },
  "schedules-survive-restart": {
    promise:
      "Whatever a machine's end and the setting of its clock do, a planned firing is neither forgotten nor planned twice.",
    source: "infra/local/README.md#eventbridge-scheduler-exactly",
  },
  "schedules-at-least-once": {
    promise: "A planned call is made at least once; each repetition has the same planned instant.",
    source: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html",
  },
  "events-are-kept": {
    promise:
      "An event that Lambda accepted is tried until it works or is given up, across restarts, and given up it leaves its record.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
  },
  "interpreter-as-recorded": {
    promise: "The local Step Functions does what AWS was recorded to do.",
    source: "infra/local/step-functions/README.md#the-local-step-functions",
  },
  "own-process": {
    promise: "Each function runs in processes of its own.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
  },
  "tokens-as-cognito": {
    promise: "Local tokens are signed and have Cognito's exact claims.",
    source:
      "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html",
  },
  "goodnight-whole": {
    promise:
      "Goodnight runs through gateway, token, workflow, MQTT, shadows and audit, and all 14 devices confirm.",
    source: "README.md#smarthome-scenes",
  },
  "state-survives": {
    promise:
      "A second start on the same folder goes on where the first ended, also when that was killed.",
    source: "infra/local/README.md#where-state-lives",
  },
  "exit-code": {
    promise: "`--once` exits 1 when the run did not do what was asked.",
    source: "scripts/README.md#what-every-command-promises",
  },
  "endpoints-file": {
    promise: "endpoints.json tells its owner alone where the house is, while it is up.",
    source: "scripts/README.md#what-every-command-promises",
  },
  "logs-bounded": {
    promise:
      "Of each log of a house at least the newest 16 MiB are kept and 24 at the most, whole lines, also when it is killed.",
    source: "infra/local/README.md#where-state-lives",
  },
  "restart-loses-nothing": {
    promise:
      "A restart in the middle of a run loses no acknowledgement that a device was told is accepted.",
    source: "DECISIONS.md#d43",
  },
  "cut-off-run": {
    promise: "A run that was cut off is never called done.",
    source: "workflows/README.md#what-a-run-promises",
  },
  "other-broker": {
    promise: "With a mosquitto as the broker, whatever holds with the embedded one holds too.",
    source: "infra/local/iot/README.md#what-differs-from-aws",
  },
  "broker-comes-back": {
    promise:
      "When another broker goes and comes back, shadows, rules and devices come back by themselves; a run meanwhile ends and says what was not sent.",
    source: "infra/local/iot/README.md#what-differs-from-aws",
  },
  "ends-in-five-seconds": {
    promise: "Ctrl-C ends everything within five seconds and leaves no process.",
    source: "scripts/README.md#what-every-command-promises",
  },
  "start-refused-in-one-line": {
    promise: "A port in use, a second start or a damaged folder is one line, and a non-zero exit.",
    source: "scripts/README.md#what-every-command-promises",
  },

  // The log that proves the records.
  "audit-log-proved": {
    promise:
      "What was changed, removed, inserted or put elsewhere after it was sealed is named by verification, offline.",
    source: "https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1",
  },
  "audit-key-pinned": {
    promise:
      "Verification pins the log's key that it saw first, and remembers the head it saw last.",
    source: "functions/domain/audit/README.md#what-is-proved",
  },
  "audit-queries": {
    promise: "What is asked of the audit is a query or a read by key; nothing scans.",
    source: "functions/domain/audit/README.md#access-patterns",
  },
  "audit-text-only": {
    promise:
      "Whatever a name holds, a terminal shows it as text, and a spreadsheet takes it as text.",
    source: "functions/domain/audit/README.md#text-of-others",
  },
  "audit-operators-only": {
    promise: "A home's runs are listed, explained and verified for its operators alone.",
    source: "functions/README.md#who-calls",
  },
  "audit-log-forms": {
    promise: "The log's heads, entries, tiles and proofs are what the verifiers of others read.",
    source: "https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1",
  },

  // The operators' console, and how it is served.
  "console-page-everywhere": {
    promise:
      "Every path that is no file's is the console's page, under its Content-Security-Policy; the gateway is on the same origin.",
    source: "infra/local/cloudfront/README.md#cloudfront-exactly",
  },
  "console-errors-as-they-are": {
    promise:
      "What the gateway refuses reaches the page as it is; what CloudFront itself refuses comes in its own HTML.",
    source:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html",
  },
  "console-cycle": {
    promise:
      "A first deployment makes a console that cannot sign in; one more tells the sign-in where it is.",
    source: "infra/aws/README.md#the-console",
  },
  budget: {
    promise:
      "Asked for, a monthly budget tells the alarms' topic before the account has spent it; the alarms still tell it too.",
    source: "infra/aws/README.md#known-to-be-well",
  },
  "interceptor-called-once": {
    promise: "The imitation calls an interceptor that failed no second time, as nobody promises.",
    source: "infra/local/README.md#as-strict-as-the-worst-of-aws",
  },
  "rate-limits-exact": {
    promise: "The imitation's limits hold from the first call beyond them.",
    source: "infra/local/README.md#as-strict-as-the-worst-of-aws",
  },
  "service-roles-probed": {
    promise: "The imitation makes nothing whose role does not trust the service that takes it.",
    source: "infra/local/README.md#as-strict-as-the-worst-of-aws",
  },
  "codex-callback": {
    promise:
      "npm run deploy registers the callback that codex makes of the deployed gateway's URL, as show-connection prints it.",
    source: "infra/aws/README.md#the-console",
  },
  "console-on-this-machine": {
    promise:
      "The console of a deployed stack is served on this machine, with the deployed headers.",
    source: "infra/aws/README.md#the-console",
  },
  "console-operator": {
    promise:
      "An operator finds a run that did not end well, sees which device failed, has it proved by the browser, and undoes it.",
    source: "infra/console/README.md#what-the-pages-show",
  },
  "console-proof": {
    promise:
      "The browser itself verifies signature, place and content of each record, and takes no head that shrank, or that another key signed.",
    source: "infra/console/README.md#what-the-browser-proves",
  },
  "console-roles": {
    promise: "A guest and a resident see in the console what their role may, and are told so.",
    source: "infra/console/README.md#who-may-see-what",
  },
  "console-problems": {
    promise: "401, 403, 404, 429, 502, 504 and a page where data was expected are told apart.",
    source: "infra/console/README.md#what-goes-wrong-is-told-as-what-it-is",
  },
  "console-accessible": {
    promise:
      "Every page of the console is without serious barriers, light and dark, and fits a phone.",
    source: "infra/console/README.md#for-everybody",
  },
  "console-hostile-names": {
    promise: "Names of devices and scenes are never markup, however many and however long.",
    source: "infra/console/README.md#for-everybody",
  },
  "console-small": {
    promise: "The built console is under 150 KB compressed.",
    source: "infra/console/README.md#for-everybody",
  },

  // Z-Wave behind the home's contract.
  "zwave-own-word": {
    promise:
      "A Z-Wave device is confirmed by its own word: Supervision, or a Report that it sent when it was asked.",
    source: "infra/bridges/zwave/README.md#what-counts-as-done",
  },
  "zwave-asleep": {
    promise: "A Z-Wave node that sleeps is told nothing, and does nothing when it wakes up.",
    source: "infra/bridges/zwave/README.md#what-sleeps-is-dead-or-is-away",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
