import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalCloud } from "@standby/local-cloud";
import { withSession } from "@standby/local-cloud/testing";

/** How many servers took writes at one moment, by their own word. */
interface WritersSample {
  readonly at: number;
  readonly writers: readonly string[];
}

const questionMilliseconds = 1_500;

/** Loopback addresses of the servers that take writes now. One that does not answer takes none. */
export async function writersOf({ folder }: LocalCloud, administrator: string) {
  const sockets = (await readdir(join(folder, "databases"))).filter((name) =>
    name.endsWith(".sock"),
  );
  const asked = await Promise.all(
    sockets.map((name) => askServer(join(folder, "databases", name), administrator)),
  );
  return asked.flatMap((address) => address ?? []).sort();
}

async function askServer(socketPath: string, username: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(questionMilliseconds);
    const [row] = await withSession({ socketPath, username }, signal, (session) =>
      session.query("SELECT @@global.read_only AS fenced, @@bind_address AS address"),
    );
    return Number(row?.["fenced"]) === 0 ? String(row?.["address"]) : undefined;
  } catch {
    return undefined;
  }
}

interface WritersWatch {
  readonly samples: readonly WritersSample[];
  stop(): Promise<void>;
}

const intervalMilliseconds = 300;

/** Asks every server again and again, past AWS and past the commands. */
export function watchWriters(cloud: LocalCloud, administrator: string): WritersWatch {
  const samples: WritersSample[] = [];
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const at = Date.now();
      samples.push({ at, writers: await writersOf(cloud, administrator) });
      await sleep(intervalMilliseconds);
    }
  })();
  return {
    samples,
    stop: () => {
      stopped = true;
      return watching;
    },
  };
}

/** The first moment with two of them after there was one: an old source that has come back takes writes until it is fenced. */
export function secondWriter(samples: readonly WritersSample[]): WritersSample | undefined {
  const first = samples.findIndex(({ writers }) => writers.length <= 1);
  return first < 0 ? samples[0] : samples.slice(first).find(({ writers }) => writers.length > 1);
}
