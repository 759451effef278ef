import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type ReplicationRecord, replicationRecordKey } from "@standby/topology";

/** Without a route to S3 a call hangs in a VPC. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  throwOnRequestTimeout: true,
};

/** Puts the record in place of the last one. Text that the Pulumi provider hands out has a content type that says so. */
export async function keepReplicationRecord(
  record: ReplicationRecord,
  {
    region,
    bucket,
    signal,
  }: { readonly region: string; readonly bucket: string; readonly signal: AbortSignal },
): Promise<void> {
  const client = new S3Client({ region, maxAttempts: 2, requestHandler });
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: replicationRecordKey,
        Body: JSON.stringify(record),
        ContentType: "application/json",
      }),
      { abortSignal: signal },
    );
  } finally {
    client.destroy();
  }
}
