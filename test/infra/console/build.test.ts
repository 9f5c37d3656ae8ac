import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { buildConsole } from "../../../infra/console/build.ts";
import { childrenOf } from "../../support/processes.ts";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

// REQ: console-small
test("the whole page is under 150 KB compressed, and what it first needs under 50", async () => {
  const files = await buildConsole();

  const sizes = new Map(
    [...files].map(([name, bytes]) => [name, brotliCompressSync(bytes).length] as const),
  );
  const sum = [...sizes.values()].reduce((all, one) => all + one, 0);
  expect(sum).toBeLessThan(150_000);
  const first = [...sizes].filter(([name]) => /^(main|console|index|icon)/.test(name));
  expect(first).toHaveLength(4);
  expect(first.reduce((all, [, size]) => all + size, 0)).toBeLessThan(50_000);
});

test("no process of the build is left, and two builds at once do not end each other's", async () => {
  const [one, other] = await Promise.all([buildConsole(), buildConsole()]);

  expect([...one.keys()]).toEqual([...other.keys()]);
  // What was ended takes a moment to be gone.
  await vi.waitFor(
    () => {
      const left = childrenOf(process.pid).map((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, "utf8"),
      );
      expect(left.filter((command) => command.includes("esbuild"))).toEqual([]);
    },
    { timeout: 5_000 },
  );
});

test("index.html names files by their content, and holds no script and no style of its own", async () => {
  const files = await buildConsole();

  const index = text(files.get("index.html"));
  const named = [...index.matchAll(/(?:href|src)="\/([^"]+)"/g)].map(([, name]) => name);

  expect(named).toHaveLength(3);
  for (const name of named) expect(files.has(name ?? "")).toBe(true);
  expect(index).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
});

test("no source of the page makes markup or code of a text", () => {
  const root = join(import.meta.dirname, "../../../infra/console");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [name, readFileSync(join(root, name), "utf8")] as const);

  const makers = sources.filter(([, source]) =>
    /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|new Function\(|eval\(/.test(
      source,
    ),
  );

  expect(sources.length).toBeGreaterThan(40);
  expect(makers.map(([name]) => name)).toEqual([]);
});
