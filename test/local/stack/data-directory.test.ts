import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { takeDataDirectory, writeFileAtomically } from "#local/wire/data-directory.ts";

const root = mkdtempSync(join(tmpdir(), "data-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const failure = (path: string): unknown => {
  try {
    takeDataDirectory(path).release();
    return undefined;
  } catch (error) {
    return error;
  }
};

test("a folder is made for its owner alone, with a secret of its own that stays", () => {
  const path = join(root, "new", "deep");

  const first = takeDataDirectory(path);
  first.release();
  const second = takeDataDirectory(path);
  second.release();

  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, "master-secret")).mode & 0o777).toBe(0o600);
  expect(first.masterSecret).toMatch(/^[0-9a-f]{64}$/);
  expect(second.masterSecret).toBe(first.masterSecret);
});

test("a folder that is held is refused until it is released; who holds it is named", () => {
  const path = join(root, "held");
  const held = takeDataDirectory(path);
  writeFileSync(join(path, "endpoints.json"), '{"pid": 4711}');

  expect(failure(path)).toMatchObject({
    code: "AlreadyRunning",
    message: expect.stringContaining("(process 4711)") as string,
  });
  held.release();

  expect(failure(path)).toBeUndefined();
});

test("a folder that is a file is refused, and the file is left alone", () => {
  const path = join(root, "file");
  writeFileSync(path, "mine");

  expect(failure(path)).toMatchObject({ code: "DataDamaged" });
  expect(readFileSync(path, "utf8")).toBe("mine");
});

test.each(["", "short", `${"0".repeat(63)}x`])("the secret %j is damaged, and named", (secret) => {
  const path = join(root, `secret-${secret.length}`);
  mkdirSync(path);
  writeFileSync(join(path, "master-secret"), secret);

  expect(failure(path)).toMatchObject({
    code: "DataDamaged",
    message: expect.stringContaining(join(path, "master-secret")) as string,
  });
  expect(readFileSync(join(path, "master-secret"), "utf8")).toBe(secret);
});

test("a lock file that is not SQLite's is damaged, and named", () => {
  const path = join(root, "lock");
  mkdirSync(path);
  writeFileSync(join(path, "lock"), "something else entirely ".repeat(100));

  expect(failure(path)).toMatchObject({
    code: "DataDamaged",
    message: expect.stringContaining(join(path, "lock")) as string,
  });
});

test("a file is replaced in one step and readable by its owner alone", () => {
  const file = join(root, "replaced");
  writeFileSync(file, "old");

  writeFileAtomically(file, "new");

  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

describe("a folder that existed before", () => {
  const openFolder = (name: string, files: readonly string[]): string => {
    const path = join(root, name);
    mkdirSync(path);
    chmodSync(path, 0o755);
    for (const file of files) writeFileSync(join(path, file), "");
    return path;
  };

  test.each<[string, readonly string[]]>([
    ["empty", []],
    ["a house's", ["lock"]],
  ])("and was open to others, %s, is closed to them", (name, files) => {
    const path = openFolder(`open-${name}`, files);

    takeDataDirectory(path).release();

    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "lock")).mode & 0o777).toBe(0o600);
  });

  test("and is open to others and holds other things is refused, and left as it is", () => {
    const path = openFolder("open-others", ["holiday.jpg"]);

    expect(failure(path)).toMatchObject({
      code: "DataFolderShared",
      message: `${path} is open to other users of this machine and holds other things than a house. Choose a folder of its own with --data DIR, or close this one: chmod 700 ${path}`,
    });
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(readdirSync(path)).toEqual(["holiday.jpg"]);
  });

  test("and is its owner's alone may hold other things", () => {
    const path = openFolder("closed-others", ["holiday.jpg"]);
    chmodSync(path, 0o700);

    expect(failure(path)).toBeUndefined();
  });

  // Only root can become somebody else.
  const asNobody = (path: string): string =>
    execFileSync(
      process.execPath,
      [
        "--input-type=module-typescript",
        "-e",
        `const { takeDataDirectory } = await import("#local/wire/data-directory.ts");
         process.setgroups([]); process.setgid(65534); process.setuid(65534);
         try { takeDataDirectory(process.argv[1]).release(); console.log("taken"); }
         catch (error) { console.log(error.code, error.message); }`,
        path,
      ],
      { encoding: "utf8", cwd: join(import.meta.dirname, "..", "..", "..") },
    );

  describe.skipIf(process.getuid?.() !== 0)("of another user (needs root, to be two users)", () => {
    test.each<[string, number, number, string]>([
      ["closed", 0o700, 0o600, "other-closed"],
      ["readable by all, as older versions left it", 0o755, 0o644, "other-readable"],
      ["writable by all, its files not", 0o777, 0o600, "other-files"],
    ])("%s, is not called damaged, and whose it is is told", (_, folder, file, name) => {
      chmodSync(root, 0o755);
      const path = join(root, name);
      takeDataDirectory(path).release();
      chmodSync(path, folder);
      chmodSync(join(path, "lock"), file);

      const told = asNobody(path);

      expect(told).toMatch(
        /^DataNotAccessible \S+ cannot be opened by this user; it belongs to the user with the id 0 \(E\w+: .+\)\. Nothing is damaged\. Start as the user whose it is, have it given to you \(sudo chown -R\), or choose another folder with --data DIR\.\n$/,
      );
      expect(statSync(path).mode & 0o777).toBe(folder);
    });

    test("a folder that cannot be made is told as that", () => {
      chmodSync(root, 0o755);

      expect(asNobody(join(root, "not-mine"))).toMatch(/^DataNotAccessible .*EACCES/);
    });
  });
});
