import { generateKeyPairSync, X509Certificate } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  AttachThingPrincipalCommand,
  ListPrincipalThingsCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import { GetThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startIot } from "#local/iot/iot.ts";
import { DEVICE_POLICY } from "../device-policy.ts";
import { containing, matching } from "../matchers.ts";
import { parsed, scratchDirectory } from "../support.ts";
import { type SecureBench, startSecureBench } from "../tls/secure-bench.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

let bench: SecureBench;
beforeAll(async () => {
  bench = await startSecureBench();
});
afterAll(() => bench.close());

describe("on disk", () => {
  const scratchFiles = () => {
    const scratch = scratchDirectory();
    cleanUp.push(scratch.remove);
    const authority = {
      key: join(scratch.path, "root-ca.key"),
      certificate: join(scratch.path, "root-ca.pem"),
    };
    return { folder: scratch.path, file: join(scratch.path, "iot.sqlite"), authority };
  };

  test("certificates, and what is attached to them, survive a restart, as the authority does", async () => {
    const { file, authority } = scratchFiles();
    const first = await startSecureBench({ file, authority });
    const device = await first.register("lasting");
    const withdrawn = await first.register("withdrawn");
    await first.control.send(
      new UpdateCertificateCommand({
        certificateId: withdrawn.certificateId,
        newStatus: "REVOKED",
      }),
    );
    await first.close();

    const second = await startSecureBench({ file, authority });
    cleanUp.push(second.close);
    const client = await second.signIn(device, { ca: first.rootCertificate });

    expect(client.connected).toBe(true);
    await expect(second.signIn(withdrawn)).rejects.toMatchObject({ code: 5 });
    const { principals } = await second.control.send(
      new ListThingPrincipalsCommand({ thingName: "lasting" }),
    );
    expect(principals).toEqual([device.certificateArn]);
  });

  test("that a certificate is its thing's alone survives a restart", async () => {
    const { file, authority } = scratchFiles();
    const first = await startSecureBench({ file, authority });
    const { certificateArn: principal } = await first.register("alone", { things: [] });
    await first.control.send(
      new AttachThingPrincipalCommand({
        thingName: "alone",
        principal,
        thingPrincipalType: "EXCLUSIVE_THING",
      }),
    );
    await first.close();

    const second = await startSecureBench({ file, authority });
    cleanUp.push(second.close);
    await second.register("other", { things: [] });
    const attach = second.control.send(
      new AttachThingPrincipalCommand({ thingName: "other", principal }),
    );

    await expect(attach).rejects.toMatchObject({ name: "InvalidRequestException" });
  });

  test("the authority's files are its owner's alone", async () => {
    const { authority } = scratchFiles();

    const core = await startSecureBench({ authority });
    cleanUp.push(core.close);

    expect(statSync(authority.key).mode & 0o777).toBe(0o600);
    expect(statSync(authority.certificate).mode & 0o777).toBe(0o600);
    expect(readFileSync(authority.certificate, "utf8")).not.toContain("PRIVATE KEY");
  });

  /** Starts a core with its TLS port on these files, and ends it. */
  const startOn = async (
    files: ReturnType<typeof scratchFiles>,
    document: unknown = DEVICE_POLICY,
  ): Promise<void> => {
    const core = await startIot({
      ...files,
      mqtt: { kind: "embedded", port: 0, tls: { port: 0, host: "127.0.0.1" } },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
      policies: [{ name: "SmarthomeDevice", document }],
    });
    await core.close();
  };

  test("a policy that is longer than AWS IoT takes is refused by its name", async () => {
    const [statement] = DEVICE_POLICY.Statement;
    const long = { ...DEVICE_POLICY, Statement: Array.from({ length: 20 }, () => statement) };

    const refused = startOn(scratchFiles(), long);

    await expect(refused).rejects.toMatchObject({ code: "TemplateNotUnderstood" });
    await expect(refused).rejects.toThrow(
      /^IoT policy SmarthomeDevice: it has \d+ characters beside white space, AWS IoT takes 2048\.$/,
    );
  });

  test("the authority is made when it is first needed, and is then the same", async () => {
    const files = scratchFiles();
    const without = await startIot({
      ...files,
      mqtt: { kind: "embedded", port: 0 },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [],
    });
    await without.close();
    const before = readdirSync(files.folder).filter((name) => name.startsWith("root-ca"));

    await startOn(files);
    const [key, certificate] = [
      readFileSync(files.authority.key, "utf8"),
      readFileSync(files.authority.certificate, "utf8"),
    ];
    await startOn(files);

    expect(before).toEqual([]);
    expect(readFileSync(files.authority.key, "utf8")).toBe(key);
    expect(readFileSync(files.authority.certificate, "utf8")).toBe(certificate);
    expect(new X509Certificate(certificate).ca).toBe(true);
  });

  const otherKey = (namedCurve: string): string =>
    generateKeyPairSync("ec", { namedCurve })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();

  test.for<[string, "key" | "certificate", (text: string) => Promise<string> | string]>([
    ["a key that is text", "key", () => "this is not a key"],
    ["an empty key", "key", () => ""],
    ["a key that is cut off", "key", (text) => text.slice(0, 80)],
    ["a key on another curve", "key", () => otherKey("P-384")],
    ["a certificate that is text", "certificate", () => "this is not a certificate"],
    ["an empty certificate", "certificate", () => ""],
    ["a certificate that is cut off", "certificate", (text) => text.slice(0, 200)],
    ["another authority's certificate", "certificate", () => bench.rootCertificate],
  ])("%s is one clear error, and the file stays as it is", async ([, which, damage]) => {
    const files = scratchFiles();
    await startOn(files);
    const file = files.authority[which];
    const damaged = await damage(readFileSync(file, "utf8"));
    writeFileSync(file, damaged);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(file),
    });

    expect(readFileSync(file, "utf8")).toBe(damaged);
  });

  test("another key than the certificate's is one clear error", async () => {
    const files = scratchFiles();
    await startOn(files);
    const key = otherKey("P-256");
    writeFileSync(files.authority.key, key);

    await expect(startOn(files)).rejects.toMatchObject({ code: "DataDamaged" });

    expect(readFileSync(files.authority.key, "utf8")).toBe(key);
  });

  test("a device's certificate in the authority's place is one clear error", async () => {
    const files = scratchFiles();
    const core = await startSecureBench(files);
    const { cert } = await core.register("usurper");
    await core.close();
    writeFileSync(files.authority.certificate, cert);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.certificate),
    });
  });

  test("both files missing while devices have certificates is one clear error, and no other authority is made", async () => {
    const files = scratchFiles();
    const core = await startSecureBench(files);
    await core.register("orphan");
    await core.close();
    unlinkSync(files.authority.key);
    unlinkSync(files.authority.certificate);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.key),
    });

    expect(existsSync(files.authority.key)).toBe(false);
  });

  test("a key that is missing beside its certificate is one clear error, and no other is made", async () => {
    const files = scratchFiles();
    await startOn(files);
    unlinkSync(files.authority.key);

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(files.authority.key),
    });

    expect(existsSync(files.authority.key)).toBe(false);
  });

  test("a certificate that is missing beside its key is made again, and devices go on", async () => {
    const files = scratchFiles();
    const first = await startSecureBench(files);
    const device = await first.register("patient");
    await first.close();
    unlinkSync(files.authority.certificate);

    const second = await startSecureBench(files);
    cleanUp.push(second.close);
    const client = await second.signIn(device, { ca: first.rootCertificate });

    expect(client.connected).toBe(true);
  });

  // As the first version of this stack wrote it.
  const FIRST_SCHEMA = `
    CREATE TABLE shadow (
      thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, deleted_at INTEGER, document TEXT,
      PRIMARY KEY (thing, name)
    );
    CREATE TABLE retained (
      topic TEXT PRIMARY KEY, payload BLOB NOT NULL, qos INTEGER NOT NULL, modified_ms INTEGER NOT NULL
    );
    CREATE TABLE rule_job (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, payload BLOB NOT NULL);
    CREATE TABLE thing (name TEXT PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, attributes TEXT NOT NULL);
    PRAGMA user_version = 1;
  `;
  const withDatabase = (file: string, act: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(file);
    try {
      act(database);
    } finally {
      database.close();
    }
  };

  test("a file of the first version is brought up to date and keeps its shadows and things", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(FIRST_SCHEMA);
      database
        .prepare("INSERT INTO shadow VALUES ('old_lamp', '', 7, NULL, ?)")
        .run('{"state":{"reported":{"on":true}},"metadata":{"reported":{"on":{"timestamp":1}}}}');
      database.exec("INSERT INTO thing VALUES ('old_lamp', 'an-id', 1, '{}')");
    });

    const core = await startSecureBench(files);
    cleanUp.push(core.close);
    const shadow = await core.dataPlane.send(new GetThingShadowCommand({ thingName: "old_lamp" }));
    const device = await core.register("old_lamp");
    const client = await core.signIn(device);

    expect(parsed(Buffer.from(shadow.payload ?? []).toString())).toMatchObject({
      state: { reported: { on: true } },
      version: 7,
    });
    expect(client.connected).toBe(true);
    await core.close();
    await startOn(files);
    withDatabase(files.file, (database) => {
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 3 });
    });
  });

  test("a file of the second version keeps its attachments, none of them exclusive", async () => {
    const files = scratchFiles();
    const first = await startSecureBench(files);
    const { certificateArn: principal } = await first.register("before");
    await first.close();
    withDatabase(files.file, (database) => {
      database.exec("ALTER TABLE certificate_thing DROP COLUMN exclusive; PRAGMA user_version = 2");
    });

    const second = await startSecureBench(files);
    cleanUp.push(second.close);
    await second.register("after", { things: [] });
    await second.control.send(new AttachThingPrincipalCommand({ thingName: "after", principal }));

    const { things } = await second.control.send(new ListPrincipalThingsCommand({ principal }));
    expect(things).toEqual(["after", "before"]);
  });

  test("a file that cannot be brought up to date is one clear error, and stays as it is", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(FIRST_SCHEMA);
      database.exec("CREATE TABLE certificate_policy (somebody_else TEXT)");
    });

    await expect(startOn(files)).rejects.toMatchObject({ code: "DataDamaged" });

    withDatabase(files.file, (database) => {
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'cert%'");
      expect(tables.all()).toEqual([{ name: "certificate_policy" }]);
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
    });
  });

  test("a file of a newer version is refused in one line that names it", async () => {
    const files = scratchFiles();
    withDatabase(files.file, (database) => {
      database.exec(`${FIRST_SCHEMA} PRAGMA user_version = 4`);
    });

    await expect(startOn(files)).rejects.toMatchObject({
      code: "DataNewer",
      message: matching(/^[^\n]*iot\.sqlite[^\n]*$/),
    });
  });
});
