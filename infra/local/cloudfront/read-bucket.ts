import { hash } from "node:crypto";
import { type AwsAccess, callAws } from "#local/wire/aws-call.ts";
import type { ReadObject } from "./origins/ask-bucket.ts";

/** How CloudFront gets an object: over HTTP, from S3. What it may read it has asked the bucket's policy before. */
export const readBucket =
  (access: AwsAccess): ReadObject =>
  async (bucket, key) => {
    const answer = await callAws(access, {
      service: "s3",
      method: "GET",
      path: `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
      headers: { "x-amz-content-sha256": hash("sha256", "", "hex") },
      body: "",
    });
    if (answer.status === 200) return answer;
    if (answer.status === 404) return undefined;
    throw new Error(`S3 answered ${answer.status}: ${answer.body.toString("utf8")}`);
  };
