import {
  asBinary,
  asJson,
  createSecretsClient,
  decodeDatabaseSecret,
  SecretReader,
  type SecretVersion,
} from "@standby/secret-access";

/** One client for all readers of a process: they share its connections. */
const place = { region: "us-west-2", client: createSecretsClient("us-west-2") };

/** Bytes, as of a key store. */
export const keyStore = new SecretReader({
  ...place,
  secretId: "orders-prod/key-store",
  decode: asBinary,
});

/** A decoder of one's own: what it throws is replaced by an error that shows nothing of the value. */
export const ports = new SecretReader({
  ...place,
  secretId: "orders-prod/ports",
  decode: (stored) => Object.values(asJson(stored) as Record<string, string>).map(Number),
});

const database = new SecretReader({
  ...place,
  secretId: "orders-prod/database",
  decode: decodeDatabaseSecret,
});

/** The versions of a rotation that is under way; none has the label AWSPENDING when there is none. */
export async function usersInRotation(): Promise<readonly string[]> {
  const nameOf = ({ value, versionId }: SecretVersion<{ readonly username: string }>) =>
    `${value.username} in ${versionId}`;
  const versions = await Promise.allSettled([
    database.get(),
    database.get({ versionStage: "AWSPENDING" }),
  ]);
  return versions.flatMap((each) => (each.status === "fulfilled" ? [nameOf(each.value)] : []));
}
