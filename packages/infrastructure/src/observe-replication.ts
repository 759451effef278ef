import * as aws from "@pulumi/aws";
import { replicationRecordKey } from "@standby/topology";
import { z } from "zod";

/** What the scheduled probe wrote last of the replica. */
export interface ObservedReplication {
  readonly identifier: string;
  readonly ageSeconds: number;
  /** Null: it could not apply what it received. */
  readonly lagSeconds: number | null;
}

const record = z.object({
  schema: z.literal("standby.replication/1"),
  at: z.iso.datetime(),
  identifier: z.string(),
  mode: z.enum(["replica", "standalone"]),
  lagSeconds: z.number().nullable(),
});

/**
 * The record of the lag, or undefined when there is none that can be read: also when S3 does not answer, since then nobody knows the
 * lag. Listed first, because a look-up of an object that is not there ends the program.
 */
export async function observeReplication(
  bucket: string | undefined,
  now: number,
): Promise<ObservedReplication | undefined> {
  if (bucket === undefined) return undefined;
  try {
    const { keys } = await aws.s3.getObjects({ bucket, prefix: replicationRecordKey });
    if (!keys.includes(replicationRecordKey)) return undefined;
    const { body } = await aws.s3.getObject({ bucket, key: replicationRecordKey });
    return parseReplication(body, now);
  } catch {
    return undefined;
  }
}

/** Undefined for a text in another form, and for the record of a database that was no replica. */
export function parseReplication(text: string, now: number): ObservedReplication | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = record.safeParse(value);
  if (data?.mode !== "replica") return undefined;
  const { identifier, lagSeconds } = data;
  // A clock that is behind the probe's makes no record newer than now.
  return { identifier, lagSeconds, ageSeconds: Math.max(0, (now - Date.parse(data.at)) / 1_000) };
}
