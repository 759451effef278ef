import { absent, type ObjectStore, WriteConflictError } from "../src/recovery-bucket.ts";

/** The recovery bucket in memory, conditional as S3 is. */
export class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, { readonly text: string; readonly version: string }>();
  /** Writes that fail as an S3 without an answer does. */
  broken = false;
  #versions = 0;

  async read(key: string) {
    return this.objects.get(key);
  }

  async write(key: string, text: string, expected: string | typeof absent): Promise<string> {
    if (this.broken) throw new Error("no answer");
    const now = this.objects.get(key)?.version ?? absent;
    if (now !== expected) throw new WriteConflictError(`Somebody else wrote ${key} first.`);
    this.#versions += 1;
    const version = String(this.#versions);
    this.objects.set(key, { text, version });
    return version;
  }

  async keys(prefix: string) {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}
