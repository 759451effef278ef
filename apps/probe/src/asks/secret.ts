import { decodeDatabaseSecret, SecretReader } from "@standby/secret-access";
import type { SecretAnswer } from "@standby/topology";
import type { Surroundings } from "../database.ts";

/** Reads the Region's own copy now, by the application's role: what it answers is decryptable. */
export async function probeSecret({ place, signal }: Surroundings): Promise<SecretAnswer> {
  const { secretId, region } = place;
  const reader = new SecretReader({ secretId, region, decode: decodeDatabaseSecret });
  const close = () => reader.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    const { versionId, value } = await reader.get();
    return { versionId, host: value.host, username: value.username };
  } finally {
    signal.removeEventListener("abort", close);
    reader.close();
  }
}
