import { asText, SecretReader } from "@standby/secret-access";

/**
 * For tools that compare the copies, or a person who decides that an old value is better than none. An application reads its own
 * Region's copy: the other Region is the one that may be lost, and a copy there may be older.
 */
export async function copiesAgree(secretId: string): Promise<boolean> {
  const place = { secretId, region: "us-west-2", decode: asText };
  const here = new SecretReader(place);
  const there = new SecretReader({ ...place, otherRegion: "us-east-1" });
  try {
    const [own, other] = await Promise.all([here.get(), there.get()]);
    return own.versionId === other.versionId && other.otherRegion === "us-east-1";
  } finally {
    here.close();
    there.close();
  }
}
