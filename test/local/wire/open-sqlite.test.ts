import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { makeAddition, openSqlite, type SqliteLayout, toldOnUse } from "#local/wire/open-sqlite.ts";
import { unusable } from "#local/wire/unusable-file.ts";

const root = mkdtempSync(join(tmpdir(), "sqlite-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(root, `${files}.sqlite`);
};

const FIRST: SqliteLayout = {
  content: "The letters",
  fresh: "no letters",
  application: "TEST",
  migrations: [(db) => db.exec("CREATE TABLE letter (text TEXT NOT NULL)")],
};
const SECOND: SqliteLayout = {
  ...FIRST,
  migrations: [
    ...FIRST.migrations,
    (db) => {
      db.exec("ALTER TABLE letter ADD COLUMN length INTEGER");
      db.exec("UPDATE letter SET length = length(text)");
    },
  ],
};

const failure = (file: string, layout: SqliteLayout): unknown => {
  try {
    openSqlite(file, layout).close();
    return undefined;
  } catch (error) {
    return error;
  }
};
const message = (file: string, layout: SqliteLayout): string => {
  const error = failure(file, layout);
  return error instanceof Error ? error.message : "";
};
const raw = (file: string, act: (db: DatabaseSync) => void): void => {
  const db = new DatabaseSync(file);
  try {
    act(db);
  } finally {
    db.close();
  }
};
const withLetter = (file: string): void => {
  const db = openSqlite(file, FIRST);
  db.exec("INSERT INTO letter VALUES ('dear')");
  db.close();
};
const mode = (file: string): number => statSync(file).mode & 0o777;

describe("versions", () => {
  test("a file that is missing is made with the newest layout", () => {
    const file = newFile();

    openSqlite(file, SECOND).close();

    raw(file, (db) => {
      expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
      expect(db.prepare("PRAGMA application_id").get()).toEqual({ application_id: 0x54455354 });
      expect(db.prepare("SELECT text, length FROM letter").all()).toEqual([]);
    });
  });

  test("a file of an older version is brought up to date and keeps what it holds", () => {
    const file = newFile();
    withLetter(file);

    const db = openSqlite(file, SECOND);

    expect(db.prepare("SELECT text, length FROM letter").all()).toEqual([
      { text: "dear", length: 4 },
    ]);
    db.close();
  });

  test("a step that fails leaves the file at its old version, whole", () => {
    const file = newFile();
    withLetter(file);
    const broken: SqliteLayout = {
      ...FIRST,
      migrations: [
        ...SECOND.migrations,
        () => {
          throw new Error("the third step is broken");
        },
      ],
    };

    expect(failure(file, broken)).toMatchObject({ code: "DataDamaged" });

    raw(file, (db) => {
      expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
      expect(db.prepare("SELECT * FROM letter").all()).toEqual([{ text: "dear" }]);
    });
  });

  test("a file of a newer version is refused, byte for byte as it was", () => {
    const file = newFile();
    openSqlite(file, SECOND).close();
    const before = readFileSync(file);

    const error = failure(file, FIRST);

    expect(error).toMatchObject({
      code: "DataNewer",
      message: `${file} was written by a newer version of this program (layout 2, here 1); nothing was changed. Start that version, or choose another folder with --data DIR.`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a file without the application's letters, as older versions wrote it, gets them and keeps its rows", () => {
    const file = newFile();
    withLetter(file);
    raw(file, (db) => db.exec("PRAGMA application_id = 0"));

    openSqlite(file, FIRST).close();

    raw(file, (db) => {
      expect(db.prepare("PRAGMA application_id").get()).toEqual({ application_id: 0x54455354 });
      expect(db.prepare("SELECT * FROM letter").all()).toEqual([{ text: "dear" }]);
    });
  });
});

test("what is added is made once, counts what is there, and does not keep an older version out", () => {
  const file = newFile();
  withLetter(file);
  let made = 0;
  const added: SqliteLayout = {
    ...FIRST,
    addition: {
      table: "letters",
      make: (db) => {
        made += 1;
        db.exec("CREATE TABLE letters (number); INSERT INTO letters SELECT count(*) FROM letter");
      },
    },
  };

  const first = openSqlite(file, added);
  const madeByOpening = made;
  makeAddition(first, added);
  first.close();
  openSqlite(file, FIRST).close();
  const db = openSqlite(file, added);
  makeAddition(db, added);

  expect(db.prepare("SELECT number FROM letters").get()).toEqual({ number: 1 });
  expect([madeByOpening, made]).toEqual([0, 1]);
  db.close();
});

describe("a file that is not ours", () => {
  test.each<[string, (file: string) => void, string]>([
    [
      "another service's",
      (file) => openSqlite(file, { ...FIRST, application: "ELSE" }).close(),
      '(it is a file of something else, "ELSE")',
    ],
    [
      "another program's, without a version",
      (file) => raw(file, (db) => db.exec("CREATE TABLE bookmark (url TEXT)")),
      "(it is another program's database)",
    ],
    [
      "another program's, with a version",
      (file) =>
        raw(file, (db) => db.exec("CREATE TABLE bookmark (url TEXT); PRAGMA user_version = 1")),
      "(layout 1 without letter)",
    ],
    [
      "of a version below nothing",
      (file) => raw(file, (db) => db.exec("PRAGMA user_version = -1")),
      "(layout -1 without a meaning)",
    ],
    ["text", (file) => writeFileSync(file, "no database"), "(file is not a database)"],
  ])("%s is refused and not written to", (_, make, why) => {
    const file = newFile();
    make(file);
    const before = readFileSync(file);

    const error = failure(file, FIRST);

    expect(error).toMatchObject({
      code: "DataDamaged",
      message: `The letters in ${file} cannot be read ${why}. Put back a copy, or delete the file to begin with no letters.`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe("a file of more than 64 MB", () => {
  const makeLarge = (): string => {
    const file = newFile();
    const db = openSqlite(file, FIRST);
    // 70 letters of a million characters each.
    db.exec(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) INSERT INTO letter SELECT hex(zeroblob(500000)) FROM n",
    );
    db.close();
    return file;
  };

  test("is opened without being read, and what is damaged in it is told when it is used", () => {
    const file = makeLarge();
    const damaged = openSync(file, "r+");
    writeSync(damaged, Buffer.alloc(4096, 255), 0, 4096, 40 * 1024 * 1024);
    closeSync(damaged);

    const db = openSqlite(file, FIRST);
    let told: unknown;
    try {
      db.prepare("SELECT text FROM letter").all();
    } catch (error) {
      told = toldOnUse(db, FIRST, error);
    }
    db.close();

    expect(told).toMatchObject({
      code: "DataDamaged",
      message: `The letters in ${file} cannot be read (database disk image is malformed). Put back a copy, or delete the file to begin with no letters.`,
    });
  });

  test("is refused where it was cut off", () => {
    const file = makeLarge();
    truncateSync(file, 69 * 1000 * 1000);

    expect(failure(file, FIRST)).toMatchObject({ code: "DataDamaged" });
  });

  test("is whole though its last pages are still in the log that a killed process left", () => {
    const file = newFile();
    const script = `
      import { openSqlite } from "#local/wire/open-sqlite.ts";
      const db = openSqlite(process.argv[1], {
        content: "", fresh: "", application: "TEST",
        migrations: [(db) => db.exec("CREATE TABLE letter (text TEXT NOT NULL)")],
      });
      db.exec("PRAGMA wal_autocheckpoint = 0");
      db.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) INSERT INTO letter SELECT hex(zeroblob(500000)) FROM n");
      process.kill(process.pid, "SIGKILL");`;
    spawnSync(process.execPath, ["--input-type=module", "--eval", script, file]);

    const db = openSqlite(file, FIRST);

    expect(db.prepare("SELECT count(*) AS letters FROM letter").get()).toEqual({ letters: 70 });
    db.close();
  });

  test("an error that is none of the file's stays as it is", () => {
    const db = openSqlite(newFile(), FIRST);
    const error = new Error("told");

    expect(toldOnUse(db, FIRST, error)).toBe(error);
    db.close();
  });
});

describe("one owner", () => {
  test("the file and its log are readable by their owner only", () => {
    const file = newFile();

    const db = openSqlite(file, FIRST);
    db.exec("INSERT INTO letter VALUES ('dear')");

    expect(mode(file)).toBe(0o600);
    expect(mode(`${file}-wal`)).toBe(0o600);
    db.close();
  });

  test("a file that others could read, and the log that a killed process left, are closed to them", () => {
    const file = newFile();
    withLetter(file);
    const left = newFile();
    const db = openSqlite(file, FIRST);
    db.exec("INSERT INTO letter VALUES ('late')");
    for (const suffix of ["", "-wal"]) {
      writeFileSync(`${left}${suffix}`, readFileSync(`${file}${suffix}`));
      chmodSync(`${left}${suffix}`, 0o644);
    }
    db.close();

    const reopened = openSqlite(left, FIRST);

    expect(reopened.prepare("SELECT text FROM letter").all()).toEqual([
      { text: "dear" },
      { text: "late" },
    ]);
    expect(mode(left)).toBe(0o600);
    expect(mode(`${left}-wal`)).toBe(0o600);
    reopened.close();
  });

  test("a second opening is refused while the first is open, and lets nobody else in", () => {
    const file = newFile();
    const first = openSqlite(file, FIRST);

    const second = failure(file, FIRST);
    const elsewhere = spawnSync(
      process.execPath,
      [
        "-e",
        `const { DatabaseSync } = require("node:sqlite");
         new DatabaseSync(${JSON.stringify(file)}).exec("BEGIN IMMEDIATE");`,
      ],
      { encoding: "utf8" },
    );

    expect(second).toMatchObject({
      code: "AlreadyRunning",
      message: `The letters in ${file} are open in another process. Stop it, or choose another folder with --data DIR.`,
    });
    expect(elsewhere.stderr).toContain("database is locked");
    first.close();
    expect(failure(file, FIRST)).toBeUndefined();
  });
});

describe("what is not damage is not called so", () => {
  test("a file in a folder that is missing cannot be opened", () => {
    const error = failure(join(root, "missing", "x.sqlite"), FIRST);

    expect(error).toMatchObject({ code: "DataNotAccessible" });
  });

  test("a folder in the file's place cannot be opened", () => {
    const folder = newFile();
    mkdirSync(folder);

    expect(failure(folder, FIRST)).toMatchObject({ code: "DataNotAccessible" });
  });

  // A disk of 64 KiB, in a namespace of its own: needs a kernel that lets users make those.
  const inTinyDisk = (file: string, script: string) =>
    spawnSync(
      "unshare",
      [
        "--mount",
        "--map-root-user",
        "sh",
        "-c",
        `mount -t tmpfs -o size=64k,mode=700 tmpfs "$0" && dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null; exec "$1" --input-type=module-typescript -e "$2" "$3"`,
        file,
        process.execPath,
        script,
        join(file, "full.sqlite"),
      ],
      { encoding: "utf8", cwd: join(import.meta.dirname, "..", "..", "..") },
    );
  const tinyDisk = newFile();
  mkdirSync(tinyDisk);
  const hasTinyDisk = inTinyDisk(tinyDisk, "console.log('here')").stdout === "here\n";

  test.skipIf(!hasTinyDisk)("a full disk is a full disk (needs unshare and tmpfs)", () => {
    const script = `
      const { openSqlite } = await import("#local/wire/open-sqlite.ts");
      try {
        openSqlite(process.argv[1], { content: "The letters", fresh: "no letters", application: "TEST",
          migrations: [(db) => db.exec("CREATE TABLE letter (text TEXT)")] });
      } catch (error) { console.log(error.code, error.message); }`;

    const told = inTinyDisk(tinyDisk, script);

    expect(told.stdout, told.stderr).toMatch(
      /^DiskFull There is no room on the disk for \S+full\.sqlite \(.+\)\. Nothing is damaged\. Make room and start again, or choose another folder with --data DIR\.\n$/,
    );
  });

  const another = (code: string): Error => Object.assign(new Error(`${code}: told`), { code });
  const sqlite = (errcode: number): Error =>
    Object.assign(new Error("told"), { code: "ERR_SQLITE_ERROR", errcode });

  test.each<[string, Error, string]>([
    ["no space", another("ENOSPC"), "DiskFull"],
    ["the end of a quota", another("EDQUOT"), "DiskFull"],
    ["SQLite's full disk", sqlite(13), "DiskFull"],
    ["another user's file", another("EACCES"), "DataNotAccessible"],
    ["another user's mode", another("EPERM"), "DataNotAccessible"],
    ["a disk that cannot be written", another("EROFS"), "DataNotAccessible"],
    ["SQLite's file that cannot be written", sqlite(8), "DataNotAccessible"],
    ["SQLite's file that cannot be opened", sqlite(14), "DataNotAccessible"],
    ["a disk that fails", another("EIO"), "StartFailed"],
    ["SQLite's disk that fails", sqlite(778), "StartFailed"],
    ["SQLite's file that ends too early", sqlite(522), "DataDamaged"],
    ["SQLite's damaged file", sqlite(11), "DataDamaged"],
    ["SQLite's file that is none", sqlite(26), "DataDamaged"],
    ["anything else", new Error("told"), "DataDamaged"],
  ])("%s", (_, cause, code) => {
    expect(unusable("/x/file", cause)).toMatchObject({ code, cause });
  });

  test("messages are one line", () => {
    const file = newFile();
    writeFileSync(file, "no database");

    expect(message(file, FIRST)).not.toContain("\n");
  });
});
