import type { DeviceId } from "./device.ts";
import type { HomeId } from "./home-id.ts";

// Every key of both tables is made here, and begins with whose it is. No other file may write one (a test reads them
// all), and the functions that people call get theirs through an access (access/home-access.ts).

/** Partition of a home in the home table: its META, devices and scenes. Also the sort key of a membership in it. */
export const homeKey = (home: HomeId): string => `HOME#${home}`;

/** Sort keys of the home table. */
export const META_KEY = "META";
export const DEVICE_PREFIX = "DEVICE#";
export const SCENE_PREFIX = "SCENE#";
export const GROUP_PREFIX = "GROUP#";
export const FLOOR_PREFIX = "FLOOR#";
export const deviceKey = (device: DeviceId): string => `${DEVICE_PREFIX}${device}`;
export const sceneKey = (scene: string): string => `${SCENE_PREFIX}${scene}`;
export const groupKey = (group: string): string => `${GROUP_PREFIX}${group}`;
export const floorKey = (floor: string): string => `${FLOOR_PREFIX}${floor}`;

/**
 * Partition of a home's schedules in the home table; the sort key is the schedule. Its own, so that the function which
 * writes schedules can be let into these partitions and into nothing else of the table (infra/aws/grants.ts).
 */
export const schedulesKey = (home: HomeId): string => `${homeKey(home)}#SCHEDULES`;

/**
 * Partition of the scenes that save_scene wrote, its own for the same reason; a scene here stands before one of its id in
 * the home's partition, which is as the home was made with it. Sort keys: `SCENE#<id>` the newest, and each one before.
 */
export const scenesKey = (home: HomeId): string => `${homeKey(home)}#SCENES`;
export const sceneVersionKey = (scene: string, version: number): string =>
  `SCENEVERSION#${scene}#${String(version).padStart(6, "0")}`;

/**
 * Partition, in the home table, of the runs that are claimed for calls without a request id, so that two of them at once
 * make one run, and of the undos that a request id stands for; the sort key is what is asked for and by whom.
 */
export const claimsKey = (home: HomeId): string => `${homeKey(home)}#CLAIMS`;
export const claimKey = (asked: string): string => `CLAIM#${asked}`;

/** Partition of what somebody belongs to in the home table; `sub` is the token's. */
export const principalKey = (sub: string): string => `PRINCIPAL#${sub}`;

/** Sort key of the item that makes somebody the operator of every home. */
export const OPERATOR_OF_ALL_KEY = "ALL";

/** Partition of everything about a run in the audit table. */
export const runKey = (home: HomeId, run: string): string => `${homeKey(home)}#RUN#${run}`;
/** A run's partition that no run has: no id is empty. Who may read any run may read it. */
export const NO_RUN_KEY = "HOME##RUN#";

/** Sort keys of a run's records. The rule that writes acknowledgements makes the same texts (infra/aws). */
export const REQUEST_KEY = "RUN";
export const OUTCOME_KEY = "OUTCOME";
export const ACKNOWLEDGEMENT_PREFIX = "ACK#";
/** Sort key of the record of what became of the undo of a run that was to be done whole or not at all. */
export const UNDO_KEY = "UNDO";
/** Sort key of the record that commands of a stage are sent again; `before` is how many were sent again before. */
export const againKey = (stage: number, before: number): string => `TRY#${stage}#${before}`;

/** Partition of one plan that somebody was shown, by its hash; the sort key is the minute. */
export const planKey = (home: HomeId, hash: string): string => `${homeKey(home)}#PLAN#${hash}`;

/** Partition of one approval, and the sort keys of its records: that it was asked for, and its one use. */
export const approvalKey = (home: HomeId, approval: string): string =>
  `${homeKey(home)}#APPROVAL#${approval}`;
export const APPROVAL_ASKED_KEY = "ASKED";
export const APPROVAL_USED_KEY = "USED";

/** Partition of the looks at a home, in a month such as `2026-11`, of people who do not live there. */
export const accessKey = (home: HomeId, month: string): string =>
  `${homeKey(home)}#ACCESS#${month}`;

/** Partition of the looks, on a day such as `2026-11-27`, at the list of all homes' runs. */
export const fleetAccessKey = (day: string): string => `FLEET#ACCESS#${day}`;

/** Partition of what became of a schedule's firings in the audit table; the sort key begins with the planned moment. */
export const scheduleFiringsKey = (home: HomeId, schedule: string): string =>
  `${homeKey(home)}#SCHEDULE#${schedule}`;

/** Partition, in the audit table, of the daily refreshes of what the sun decides; the sort key is the moment. */
export const SUN_REFRESHES_KEY = "SUN#REFRESHES";

/** The index that lists all homes' runs of a day; `dayShard` is carried by what tells that a run began, or how it ended. */
export const FLEET_INDEX = "byFleetDay";

const DAY_SHARDS = 16;

/** Partition of what changed in a home without a run, in a month such as `2026-11`: by hand, or by a command of the stack. */
export const changeKey = (home: HomeId, month: string): string =>
  `${homeKey(home)}#CHANGE#${month}`;

/** The same of what is no home's: who looks after all of them. */
export const stackChangeKey = (month: string): string => `CHANGE#${month}`;

/** Partition of the calls that were refused on a day such as `2026-11-27`, in whichever home. */
export const refusedKey = (day: string): string => `REFUSED#${day}`;

/** The index of what a device reported: its acknowledgements, and what it changed without a command. */
export const DEVICE_INDEX = "byDevice";

/** The index by which every record is found until it is sealed; `seal` is carried by every record. */
export const SEAL_INDEX = "bySeal";

/**
 * Partition of a record of a day in the index bySeal: one of sixteen, so that no evening writes to one partition alone.
 * Which one says nothing; the rule that writes acknowledgements takes a digit of the run (infra/aws).
 */
export const sealOf = (partition: string, day: string): string =>
  `${day}#${(fnv1a(partition) % DAY_SHARDS).toString(16)}`;

/** All partitions of a day in the index bySeal. */
export const sealsOf = (day: string): readonly string[] =>
  Array.from({ length: DAY_SHARDS }, (_, shard) => `${day}#${shard.toString(16)}`);

/** The log of what is no home's: refused calls, looks at all homes at once. No home has an id of capital letters. */
export const STACK_LOG = "ALL";

/** Which log a record of the audit table belongs to: its home's, else the stack's. */
export const logOf = (partition: string): string =>
  /^HOME#([^#]+)#/.exec(partition)?.[1] ?? STACK_LOG;

/** A record's two keys in one text, as an entry of the log names it. No partition has a `|`. */
export const recordName = (partition: string, sortKey: string): string => `${partition}|${sortKey}`;

/** Partition of a log in the log table: its HEAD, entries and tiles. Only a transaction of the sealer writes there. */
export const logKey = (log: string): string => `LOG#${log}`;
export const HEAD_KEY = "HEAD";
export const ENTRY_PREFIX = "ENTRY#";
/** Twelve digits, so that entries sort by their numbers. */
export const entryKey = (index: number): string =>
  `${ENTRY_PREFIX}${String(index).padStart(12, "0")}`;
export const TILE_PREFIX = "TILE#";
export const tileKey = (level: number, n: number): string =>
  `${TILE_PREFIX}${level}#${String(n).padStart(12, "0")}`;

/** Partition of what the sealer writes about a log outside of a transaction: its lease, its signed head. */
export const logControlKey = (log: string): string => `CTL#${log}`;
export const LEASE_KEY = "LEASE";
export const CHECKPOINT_KEY = "CHECKPOINT";
/** Of the stack's control alone: how far all logs have come. */
export const PROGRESS_KEY = "PROGRESS";

/** Partition, in the log table, of how far the sweeper of runs has come. No log's control is: no home has capital letters. */
export const SWEEPER_KEY = "CTL#SWEEPER";

/** Partition of what a log says of itself in the audit table: how long its records are kept, and by which key it is signed. */
export const retentionKey = (log: string): string =>
  log === STACK_LOG ? "RETENTION" : `HOME#${log}#RETENTION`;

/** Partition of the erasures of a home's records, in a month such as `2026-11`. */
export const erasureKey = (home: HomeId, month: string): string =>
  `${homeKey(home)}#ERASURE#${month}`;

/** The sort key of a record's receipt in the log table, under the record's own partition; `hash` tells records apart. */
export const receiptKey = (sortKey: string, hash: string): string => `${sortKey}#${hash}`;

/**
 * Partition of all homes' runs of a day in the index byFleetDay: one of sixteen, by the home, so that no evening writes
 * to one partition alone.
 */
export const dayShard = (home: HomeId, day: string): string =>
  dayShards(day)[fnv1a(home) % DAY_SHARDS] ?? day;

/** All of them, to be read one after the other. */
export const dayShards = (day: string): readonly string[] =>
  Array.from({ length: DAY_SHARDS }, (_, shard) => `${day}#${String(shard).padStart(2, "0")}`);

// http://www.isthe.com/chongo/tech/comp/fnv/: even, and the same for ever, which is all that is needed.
const fnv1a = (text: string): number =>
  [...text].reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0,
    0x811c9dc5,
  );

/**
 * The index that lists a home's runs of a day, each with its end: `homeDay` is carried by what tells that a run began, or
 * how it ended.
 */
export const HOME_DAY_INDEX = "byHomeDay";

/** Partition of a home's runs of a day such as `2026-11-27` in the index byHomeDay. */
export const homeDay = (home: HomeId, day: string): string => `${home}#${day}`;

/** Partition that lists every home of the stack, for the commands of those who look after it; sort key is the home. */
export const DIRECTORY_KEY = "HOMES";

/** Partition of the one home that there was before homes had ids; nothing is written there. */
export const OLD_HOME_KEY = "HOME";

/** The index that lists a home's members; `memberOf` is carried by memberships alone. */
export const MEMBERS_INDEX = "members";
