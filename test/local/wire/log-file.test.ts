import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLog } from "#local/wire/logs/log-file.ts";
import { logsIn, readLog } from "#local/wire/logs/read-log.ts";

const WRITER = join(import.meta.dirname, "log-writer.ts");
const FULL = join(import.meta.dirname, "full-disk-writer.ts");
const BOUND = { pieceBytes: 100, keptBytes: 300 };

const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "log-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
const linesOf = (path: string): readonly string[] => readLog(path).flatMap(({ lines }) => lines);
/** Ten bytes each with its newline. */
const line = (number: number): string => `${String(number).padStart(9, "0")}\n`;

// REQ: logs-bounded
test("a log keeps its newest lines, at least as many as promised, and no more than two pieces beyond", () => {
  const path = join(emptyFolder(), "one.log");
  const log = openLog(path, BOUND);
  onTestFinished(log.close);

  for (let number = 1; number <= 1005; number += 1) log.write(line(number));

  expect(statSync(path).size).toBe(50);
  expect(readLog(path).map(({ number, lines }) => [number, lines.length])).toEqual([
    [98, 10],
    [99, 10],
    [100, 10],
    [101, 5],
  ]);
  expect(linesOf(path)[0]).toBe("000000971");
  expect(linesOf(path).at(-1)).toBe("000001005");
  expect(statSync(`${path}.100`).mode & 0o777).toBe(0o600);
});

test("a log begins where its earlier process ended, and what is longer than a piece stays whole", () => {
  const path = join(emptyFolder(), "one.log");
  writeFileSync(path, line(1).repeat(50));
  const log = openLog(path, BOUND);
  onTestFinished(log.close);

  log.write(line(2).repeat(20));
  log.write(line(3).repeat(20));
  const before = linesOf(path).length;
  log.write(line(4));

  expect(before).toBe(90);
  expect(readLog(path).map(({ number, lines }) => [number, lines.length])).toEqual([
    [2, 20],
    [3, 20],
    [4, 1],
  ]);
});

test("half a line that a killed process left is never read, and the next line is not appended to it", () => {
  const path = join(emptyFolder(), "one.log");
  writeFileSync(path, `${line(1)}0000`);

  const before = linesOf(path);
  const log = openLog(path, BOUND);
  onTestFinished(log.close);
  log.write(line(2));

  expect(before).toEqual(["000000001"]);
  expect(readFileSync(path, "utf8")).toBe("000000001\n000000002\n");
});

test("a house that was killed between two pieces goes on: nothing of what was is lost", () => {
  const path = join(emptyFolder(), "one.log");
  appendFileSync(path, line(1));
  renameSync(path, `${path}.1`);

  const between = linesOf(path);
  const names = logsIn(dirname(path));
  const log = openLog(path, BOUND);
  onTestFinished(log.close);
  log.write(line(2));

  expect(between).toEqual(["000000001"]);
  expect(names).toEqual(["one.log"]);
  expect(linesOf(path)).toEqual(["000000001", "000000002"]);
});

test("a disk that gets full takes no half line, and no line that comes when there is room again", async () => {
  const path = join(emptyFolder(), "one.log");
  // The shell's limit of a file's size, a block or two of 512 bytes, stands for the disk's.
  const writer = spawn("sh", [
    "-c",
    'ulimit -f 1; exec "$0" "$1" "$2"',
    process.execPath,
    FULL,
    path,
  ]);
  const told = await writer.stdout.toArray();

  const text = readFileSync(path, "utf8");

  expect(Buffer.concat(told as Buffer[]).toString("utf8")).toBe("EFBIG\n");
  expect(text).toBe("first\nlast\n");
});

test("a log of which there is nothing has no lines", () => {
  const folder = emptyFolder();

  expect(readLog(join(folder, "none.log"))).toEqual([]);
  expect(readLog(join(folder, "no-folder", "none.log"))).toEqual([]);
});

test("another log whose name begins alike is not a part of it", () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "one.log"), line(1));
  writeFileSync(join(folder, "one.log.1.log"), line(2));
  writeFileSync(join(folder, "one.log.old"), line(3));

  expect(linesOf(join(folder, "one.log"))).toEqual(["000000001"]);
  expect(logsIn(folder).toSorted()).toEqual(["one.log", "one.log.1.log"]);
});

const expectInOrder = (lines: readonly string[]): void => {
  const first = Number(lines[0] ?? 0);
  expect(lines).toEqual(lines.map((_, index) => line(first + index).trimEnd()));
};

// REQ: logs-bounded
test("a writer is killed while it begins piece after piece, and loses no line that it wrote; whoever reads meanwhile sees whole lines, none missing between two", async () => {
  const path = join(emptyFolder(), "one.log");

  for (let kill = 1; kill <= 3; kill += 1) {
    const writer = spawn(process.execPath, [WRITER, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void writer.kill("SIGKILL"));
    let told = "";
    writer.stdout.on("data", (chunk: Buffer) => {
      told = (told + chunk.toString("latin1")).slice(-1000);
    });
    const lastTold = (): number => Number(told.split("\n").at(-2) ?? 0);
    await expect
      .poll(
        () => {
          expectInOrder(linesOf(path));
          return lastTold();
        },
        { interval: 1 },
      )
      .toBeGreaterThan(kill * 500);
    writer.kill("SIGKILL");
    await once(writer, "close");

    const lines = linesOf(path);
    expectInOrder(lines);
    expect(lines.length).toBeGreaterThanOrEqual(30);
    expect(Number(lines.at(-1))).toBeGreaterThanOrEqual(lastTold());
  }
});
