import { DeleteObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";

/** Takes every file out of the console's bucket, because CloudFormation deletes no bucket with files; how many it were. */
export const emptyBucket = async (s3: S3Client, bucket: string): Promise<number> => {
  let count = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Key } of Contents) {
      if (Key === undefined) continue;
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      count += 1;
    }
  }
  return count;
};
