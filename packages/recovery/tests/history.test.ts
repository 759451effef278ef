import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readHistory } from "../src/history.ts";
import type { ObjectStore } from "../src/recovery-bucket.ts";
import type { Session } from "../src/session.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "standby-test-"));
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
});
afterEach(() => rm(folder, { recursive: true }));

const engineThat = async (script: string) => {
  await writeFile(join(folder, "pulumi"), `#!/bin/bash\n${script}\n`);
  await chmod(join(folder, "pulumi"), 0o755);
};

const run = {
  schema: "standby.journal/1",
  id: "a1",
  kind: "failover",
  owner: "ann@desk (pid 1)",
  reason: "us-east-1 is dark",
  since: "2026-11-24T03:00:00.000Z",
  entries: [
    { at: "2026-11-24T03:00:01.000Z", event: "step-done", step: "promote" },
    { at: "2026-11-24T03:00:09.000Z", event: "ended" },
  ],
};
const store = {
  keys: async () => ["journal/1.json"],
  read: async () => ({ text: JSON.stringify(run), version: "1" }),
} as unknown as ObjectStore;

const session = (objects: ObjectStore | undefined) =>
  ({
    pair: { primary: { stack: "prod-east" }, recovery: { stack: "prod-west" } },
    project: { folder },
    store: objects,
  }) as unknown as Session;
const options = { signal: new AbortController().signal, last: 5 };

it("merges the journal with both stacks' updates, oldest first, and keeps no configuration", async () => {
  await engineThat(`case "$*" in *prod-east*) echo '[]' ;; *) cat <<'EOF'
[{"kind":"update","startTime":"2026-11-24T02:00:00.000Z","message":"First line\\nsecond","result":"succeeded",
  "environment":{"git.author":"ann"},"config":{"standby:secret":{"value":"hunter2"}}}]
EOF
esac`);
  const { entries, missing } = await readHistory(session(store), options);
  expect(entries).toMatchObject([
    { source: "prod-west", what: "update", who: "ann", detail: "First line" },
    { source: "standby", what: "failover", result: "succeeded", detail: "us-east-1 is dark" },
  ]);
  expect(entries[1]?.steps).toHaveLength(2);
  expect(missing).toEqual([]);
  expect(JSON.stringify(entries)).not.toContain("hunter2");
});

it("says which source did not answer, and shows the others", async () => {
  await engineThat(`case "$*" in *prod-east*) exit 1 ;; *) echo '[]' ;; esac`);
  const { entries, missing } = await readHistory(session(store), options);
  expect(entries).toHaveLength(1);
  expect(missing).toEqual([expect.stringContaining("the history of prod-east")]);
});
