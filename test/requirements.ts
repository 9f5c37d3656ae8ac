/** A promise of the system, and where it was made. */
export interface Requirement {
  readonly promise: string;
  readonly source: string;
}

/**
 * What the system promises. A test that proves one cites its key in a comment line, `REQ:` and the key;
 * test/domain/requirements.test.ts sees to it that each is cited and that none is cited which is not here.
 */
export const REQUIREMENTS = {
  // The home, its scenes and plans.
  "device-vocabulary": {
    promise:
      "A wanted state is in human units, one capability of the device's kind; only absolute states are commanded.",
    source: "design.md §3",
  },
  "ambiguous-names": {
    promise: "A name that two things have is not guessed: the caller is asked which one.",
    source: "design.md §5",
  },
  "closest-names": {
    promise: "An unknown scene or device is refused with the closest names.",
    source: "design.md §5, issue 2",
  },
  "demo-home": {
    promise: "The demo home has 5 rooms and 14 devices of every kind.",
    source: "issue 2, item 7",
  },
  "plan-hash": {
    promise:
      "A plan's hash is the SHA-256 of its canonical JSON: equal plans have equal hashes, and no others.",
    source: "issue 2, item 4",
  },
  "left-out": {
    promise: "Devices that the caller excepts are not asked, and the answer says so.",
    source: "issue 2, item 5",
  },

  // The contract with devices.
  "command-form": {
    promise:
      "A command is one shadow update: the wanted state, and a command with id, run, stage, expiry and fade.",
    source: "design.md §3",
  },
  "new-command-id": {
    promise:
      "Each run and stage has a command id of its own, so that no stale shadow confirms anything.",
    source: "design.md §3",
  },
  "whole-echo": {
    promise: "A device reports its state and echoes the whole command in one update.",
    source: "design.md §3",
  },
  "expired-refused": {
    promise: "A device refuses a command after its expiry.",
    source: "design.md §3",
  },
  "answered-once": {
    promise: "A command that is delivered again is answered once.",
    source: "issue 2, item 7",
  },
  faults: {
    promise: "Each device can be made silent, slow, refusing, offline, duplicating or jammed.",
    source: "design.md §7",
  },

  // A run.
  "recorded-first": {
    promise: "Nothing is sent before the request is recorded, and the same run never runs twice.",
    source: "design.md §2",
  },
  "delivered-twice": {
    promise: "A start that is delivered twice commands each device once.",
    source: "design.md §2",
  },
  batches: {
    promise: "A stage is published in batches, each device once.",
    source: "design.md §2",
  },
  "device-failure-is-data": {
    promise: "A device or a batch that fails is data, and the others go on.",
    source: "design.md §2, style.md 7",
  },
  "windows-end-early": {
    promise: "Waiting ends with the last acknowledgement.",
    source: "design.md §2 and §3",
  },
  "window-per-kind": {
    promise: "A window has a default per kind, and ends the waiting for a silent device.",
    source: "design.md §3",
  },
  "window-settings": {
    promise: "A window can be set per device and per scene.",
    source: "design.md §3",
  },
  gate: {
    promise: "A required device that is not confirmed keeps the later stages from running.",
    source: "design.md §2, issue 2",
  },
  withdrawal: {
    promise: "What was not acknowledged is withdrawn, so that nothing fires later.",
    source: "design.md §2, issue 2",
  },
  superseded: {
    promise: "A command of another run is left alone, and the device is called superseded.",
    source: "design.md §3",
  },
  "one-outcome": {
    promise:
      "Each planned device has exactly one outcome, and none is confirmed without its own answer.",
    source: "design.md §1 and §3",
  },
  "done-means-all": {
    promise: "A run is done only when every device is confirmed or already there.",
    source: "design.md §3",
  },
  "late-answer": {
    promise: "An answer after the window is told as confirmed_late.",
    source: "design.md §3",
  },
  "scenes-at-once": {
    promise: "Two different scenes at once both finish and are both recorded.",
    source: "issue 2",
  },
  "supported-integrations": {
    promise: "Workflows call only what Step Functions can call.",
    source: "design.md §2",
  },
  "workflow-table": {
    promise: "The workflows' README lists every state.",
    source: "issue 2, item 3",
  },

  // Who may do what.
  "signed-in": {
    promise:
      "A missing, expired, forged or foreign token gets 401 with the challenge, and no function is called.",
    source: "issue 2",
  },
  "clients-and-scopes": {
    promise: "The gateway lets in the pool's clients with at least one of the two scopes.",
    source: "design.md §4, issue 2",
  },
  "scopes-advertised": {
    promise: "Metadata and challenge name the two scopes, which cures invalid_scope.",
    source: "design.md §4",
  },
  "insufficient-scope": {
    promise: "A tool without its scope is refused with 403 insufficient_scope.",
    source: "design.md §2 and §4",
  },
  "scopes-checked-twice": {
    promise: "The function checks again what the interceptor decided.",
    source: "design.md §4",
  },
  "own-credentials": {
    promise:
      "A device on the network signs in over TLS with a certificate of its own; without one that is registered and active nobody gets in.",
    source: "issue 4, item 2",
  },
  "own-shadow-only": {
    promise: "A device says and hears only what is its own shadow's, by the template's policy.",
    source: "issue 4, item 2",
  },
  "no-caller-no-call": {
    promise: "A missing caller is no caller.",
    source: "design.md §4",
  },
  "caller-from-token": {
    promise: "Who calls comes from the verified token, whatever headers a client sends.",
    source: "design.md §2",
  },
  "rights-by-group": {
    promise: "Rights follow the person's groups, not what a client asks for.",
    source: "design.md §4",
  },

  // The tools.
  "tool-budget": {
    promise: "At most twelve tools, under 12,000 characters together.",
    source: "design.md §5",
  },
  "tools-by-scope": {
    promise: "A caller sees the tools that the token allows.",
    source: "design.md §4 and §5",
  },
  "structured-results": {
    promise: "Results are structured, and a refusal is an error.",
    source: "design.md §5",
  },
  "say-is-safe": {
    promise: "`say` can be repeated word for word: it never claims what no device reported.",
    source: "design.md §5",
  },
  "next-step": {
    promise: "Only what is not as asked is listed, each with the exact next step.",
    source: "design.md §5",
  },
  "bad-input-changes-nothing": {
    promise: "Bad input is a clear error, and nothing is changed.",
    source: "issue 2",
  },
  "request-id": {
    promise: "The same request id is the same run, and nothing is sent twice.",
    source: "issue 2",
  },
  "get-run-while-running": {
    promise: "get_run answers also while the run is going on, by run id and by request id.",
    source: "issue 2, item 5",
  },

  // Devices that people attach.
  "loopback-only": {
    promise:
      "Nothing of the house answers beyond the loopback interface, but with --lan the one port for devices with certificates.",
    source: "design.md §7, issue 4, item 2",
  },
  "add-device": {
    promise:
      "A device that somebody registers, here or on AWS, is a thing with a certificate and the device policy, and scenes can ask it.",
    source: "issue 4, item 5",
  },
  "add-device-key": {
    promise: "A device's private key is written for its owner alone and never printed.",
    source: "issue 4, item 5",
  },
  "remove-device": {
    promise: "A device that was removed is let in no more.",
    source: "issue 4, item 2",
  },

  "foreign-clients": {
    promise: "mosquitto's clients, the AWS CLI and the AWS SDK work as the README prints it.",
    source: "issue 4",
  },

  // The audit.
  "audit-request": {
    promise: "A request's record says who asked for what, through what, why and when.",
    source: "design.md §6",
  },
  "audit-record": {
    promise:
      "The audit holds for each device what was asked, the state before and after, and both times.",
    source: "design.md §6, issue 2",
  },
  "audit-only-grows": {
    promise: "Audit records are only ever added.",
    source: "design.md §6",
  },
  "acknowledgement-writes-itself": {
    promise: "The IoT rule records each acknowledgement, with the state before and after.",
    source: "design.md §2",
  },
  "device-speaks-for-itself": {
    promise: "A device can acknowledge only for itself.",
    source: "design.md §2",
  },
  retention: {
    promise: "Recovery and retention have stated defaults.",
    source: "design.md §6, issue 2",
  },

  // Deployment, and its imitation on one machine.
  "synthesizes-offline": {
    promise: "The stack synthesizes without network, credentials or lookups.",
    source: "issue 2, item 2",
  },
  "checks-find-nothing": {
    promise:
      "cdk-nag and CloudFormation's check find nothing that is not acknowledged with a reason.",
    source: "issue 2",
  },
  "roles-enforced": {
    promise:
      "Each call is decided by the role's synthesized policies; a refusal names role, action and resource.",
    source: "design.md §7, issue 2",
  },
  "unknown-is-refused": {
    promise:
      "What the template holds and the local stack does not imitate is refused by name at start.",
    source: "design.md §7",
  },
  "interpreter-as-recorded": {
    promise: "The local Step Functions does what AWS was recorded to do.",
    source: "issue 2, item 6",
  },
  "own-process": {
    promise: "Each function runs in processes of its own.",
    source: "issue 2, item 6",
  },
  "tokens-as-cognito": {
    promise: "Local tokens are signed and have Cognito's exact claims.",
    source: "issue 2, item 6",
  },
  "goodnight-whole": {
    promise:
      "Goodnight runs through gateway, token, workflow, MQTT, shadows and audit, and all 14 devices confirm.",
    source: "issue 2",
  },
  "state-survives": {
    promise:
      "A second start on the same folder goes on where the first ended, also when that was killed.",
    source: "issue 2, item 9",
  },
  "exit-code": {
    promise: "`--once` exits 1 when the run did not do what was asked.",
    source: "design.md §7",
  },
  "endpoints-file": {
    promise: "endpoints.json tells its owner alone where the house is, while it is up.",
    source: "design.md §7",
  },
  "restart-loses-nothing": {
    promise:
      "A restart in the middle of a run loses no acknowledgement that a device was told is accepted.",
    source: "issue 4",
  },
  "cut-off-run": {
    promise: "A run that was cut off is never called done.",
    source: "design.md §3, issue 4",
  },
  "other-broker": {
    promise: "With a mosquitto as the broker, whatever holds with the embedded one holds too.",
    source: "issue 4",
  },
  "broker-comes-back": {
    promise:
      "When another broker goes and comes back, shadows, rules and devices come back by themselves; a run meanwhile ends and says what was not sent.",
    source: "issue 4",
  },
  "ends-in-five-seconds": {
    promise: "Ctrl-C ends everything within five seconds and leaves no process.",
    source: "issue 2, item 9",
  },
  "start-refused-in-one-line": {
    promise: "A port in use, a second start or a damaged folder is one line, and a non-zero exit.",
    source: "design.md §7, issue 2",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
