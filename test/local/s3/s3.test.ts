import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type S3, startS3 } from "#local/s3/s3.ts";
import { uploadConsole } from "../../../scripts/console/upload-console.ts";
import { startTestEndpoint, type TestEndpoint } from "../endpoint/test-endpoint.ts";

const PRIVATE = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
};
const Bucket = "files";

let folder: string;
let endpoint: TestEndpoint;
let s3: S3;
let client: S3Client;
let nowMs: number;

const start = (): S3 => {
  const started = startS3({
    file: join(folder, "s3.sqlite"),
    buckets: [{ name: Bucket, properties: PRIVATE }],
    nowMs: () => nowMs,
  });
  endpoint.register(started.service);
  return started;
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "s3-"));
  nowMs = Date.parse("2026-06-01T12:00:00Z");
  endpoint = await startTestEndpoint();
  s3 = start();
  client = new S3Client({ ...endpoint.client, forcePathStyle: true });
});
afterEach(async () => {
  client.destroy();
  s3.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

const keys = async (): Promise<readonly (string | undefined)[]> =>
  (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];

describe("objects, by the AWS SDK", () => {
  test("are put, read, listed and deleted, and survive a restart", async () => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: "a folder/ö & (1).html",
        Body: "<p>",
        ContentType: "text/html",
        CacheControl: "no-cache",
      }),
    );
    s3.close();
    s3 = start();
    const got = await client.send(new GetObjectCommand({ Bucket, Key: "a folder/ö & (1).html" }));
    const listed = await keys();
    await client.send(new DeleteObjectCommand({ Bucket, Key: "a folder/ö & (1).html" }));

    expect(await got.Body?.transformToString()).toBe("<p>");
    expect([got.ContentType, got.CacheControl, got.ETag, got.LastModified]).toEqual([
      "text/html",
      "no-cache",
      '"4da1a46ec20cf93ee5c846a51e04f0ed"',
      new Date("2026-06-01T12:00:00Z"),
    ]);
    expect(listed).toEqual(["a folder/ö & (1).html"]);
    expect(await keys()).toEqual([]);
  });

  test("are listed in pages, in the order of their keys", async () => {
    for (const Key of ["c", "a/2", "b", "a/1"]) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));
    }

    const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
    const second = await client.send(
      new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }),
    );
    const folder = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "a/" }));

    const names = [first, second, folder].map(({ Contents = [], IsTruncated }) => [
      IsTruncated,
      Contents.map(({ Key }) => Key),
    ]);
    expect(names).toEqual([
      [true, ["a/1", "a/2", "b"]],
      [false, ["c"]],
      [false, ["a/1", "a/2"]],
    ]);
  });

  test.for<[string, () => Promise<unknown>, string]>([
    [
      "a key that is not there",
      () => client.send(new GetObjectCommand({ Bucket, Key: "x" })),
      "NoSuchKey",
    ],
    [
      "a bucket that is not there",
      () => client.send(new PutObjectCommand({ Bucket: "others", Key: "x", Body: "1" })),
      "NoSuchBucket",
    ],
    [
      "a storage class",
      () =>
        client.send(new PutObjectCommand({ Bucket, Key: "x", Body: "1", StorageClass: "GLACIER" })),
      "NotEmulated",
    ],
    [
      "an access list",
      () => client.send(new PutObjectAclCommand({ Bucket, Key: "x", ACL: "public-read" })),
      "NotEmulated",
    ],
  ])("%s is refused", async ([, call, name]) => {
    await expect(call()).rejects.toThrow(expect.objectContaining({ name }));
  });

  test("a wrong secret is refused", async () => {
    const stranger = new S3Client({
      ...endpoint.client,
      credentials: { ...endpoint.client.credentials, secretAccessKey: "wrong" },
      forcePathStyle: true,
    });

    await expect(
      stranger.send(new PutObjectCommand({ Bucket, Key: "x", Body: "1" })),
    ).rejects.toThrow(expect.objectContaining({ name: "InvalidSignatureException" }));

    stranger.destroy();
  });
});

test("a bucket that is public, versioned or has a life cycle is not imitated", () => {
  const bucket = (properties: object) => () =>
    startS3({ file: ":memory:", buckets: [{ name: "b", properties }] });

  expect(bucket({})).toThrow("PublicAccessBlockConfiguration");
  expect(bucket({ ...PRIVATE, VersioningConfiguration: { Status: "Enabled" } })).toThrow(
    "VersioningConfiguration: the local stack does not imitate it",
  );
  expect(bucket({ ...PRIVATE, LifecycleConfiguration: {} })).toThrow("LifecycleConfiguration");
});

test("the console's upload keeps what an open page may still load, for a month", async () => {
  const file = (key: string) => ({
    key,
    body: new Uint8Array([1]),
    contentType: "text/javascript",
    cacheControl: "public",
  });
  const DAY_MS = 24 * 60 * 60 * 1000;
  await uploadConsole(client, Bucket, [file("main-1.js"), file("same.js")], nowMs);

  nowMs += 29 * DAY_MS;
  await uploadConsole(client, Bucket, [file("main-2.js"), file("same.js")], nowMs);
  const after29Days = await keys();
  nowMs += DAY_MS;
  await uploadConsole(client, Bucket, [file("main-2.js"), file("same.js")], nowMs);

  expect(after29Days).toEqual(["main-1.js", "main-2.js", "same.js"]);
  expect(await keys()).toEqual(["main-2.js", "same.js"]);
});
