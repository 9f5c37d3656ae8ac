import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../support/command.ts";

// A disk of 256 KiB, in a namespace of its own: needs a kernel that lets users make those.
const inTinyDisk = (folder: string, command: readonly string[]) =>
  spawnSync(
    "unshare",
    [
      "--mount",
      "--map-root-user",
      "sh",
      "-c",
      'mount -t tmpfs -o size=256k,mode=700 tmpfs "$0" && exec "$@"',
      folder,
      ...command,
    ],
    { encoding: "utf8", cwd: ROOT },
  );
const tiny = mkdtempSync(join(tmpdir(), "tiny-"));
afterAll(() => rmSync(tiny, { recursive: true, force: true }));
const hasTinyDisk = inTinyDisk(tiny, ["echo", "here"]).stdout === "here\n";

// REQ: start-refused-in-one-line
describe.skipIf(!hasTinyDisk)("a full disk (needs unshare and tmpfs)", () => {
  test("is told as that in one line, before anything is made", () => {
    const data = join(tiny, "home");

    const started = inTinyDisk(tiny, [
      ...[process.execPath, join(ROOT, "scripts", "start.ts"), "--once", "--data", data],
      ...[
        "--gateway-port",
        "0",
        "--cognito-port",
        "0",
        "--aws-port",
        "0",
        "--console-port",
        "0",
        "--mqtt-port",
        "0",
      ],
    ]);

    expect(started.status).toBe(2);
    expect(started.stdout).toBe("");
    expect(started.stderr).toBe(
      `There is no room on the disk for ${data} (0 MB are free; a house needs 16). Nothing is damaged. Make room and start again, or choose another folder with --data DIR.\n`,
    );
  });

  test("that fills while the template is built is told as that too", () => {
    const script = `
      const { buildTemplate } = await import("./scripts/start/build-template.ts");
      await buildTemplate(process.argv[1]).catch((error) => console.log(error.name, error.message));`;

    const built = inTinyDisk(tiny, [
      ...[process.execPath, "--input-type=module-typescript", "-e", script],
      join(tiny, "cdk.out"),
    ]);

    expect(built.stdout).toBe(
      `Problem There is no room on the disk for the template in ${join(tiny, "cdk.out")}. Make room and start again, or choose another folder with --data DIR.\n`,
    );
  });
});
