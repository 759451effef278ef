import { readdirSync, readFileSync } from "node:fs";
import { setInterval } from "node:timers/promises";

/** What a process and everything that it has started used while it was watched. */
export interface Usage {
  /** The most that all of them held at one moment. A page that two of them share counts twice. */
  readonly peakMegabytes: number;
  readonly processorSeconds: number;
}

interface ProcessState {
  readonly parent: number;
  readonly residentPages: number;
  readonly processorTicks: number;
}

const sampleMilliseconds = 50;
const pageBytes = 4_096;
const ticksPerSecond = 100;

/** Undefined: it has ended meanwhile. */
function stateOf(processId: string): ProcessState | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const field = (number: number): number => Number(fields[number - 3]);
    return {
      parent: field(4),
      processorTicks: field(14) + field(15),
      residentPages: field(24),
    };
  } catch {
    return undefined;
  }
}

function treeOf(root: number): ReadonlyMap<number, ProcessState> {
  const all = new Map<number, ProcessState>();
  for (const name of readdirSync("/proc")) {
    const state = /^\d+$/.test(name) ? stateOf(name) : undefined;
    if (state) all.set(Number(name), state);
  }
  const isInside = (processId: number): boolean => {
    const state = all.get(processId);
    return processId === root || (state !== undefined && isInside(state.parent));
  };
  return new Map([...all].filter(([processId]) => isInside(processId)));
}

/** Watches `root` and its descendants until `work` ends. Linux only, as the local cloud is. */
export async function watched(root: number, work: Promise<unknown>): Promise<Usage> {
  const before = treeOf(root);
  const ticks = new Map<number, number>();
  let peakPages = 0;
  const look = (): void => {
    const now = treeOf(root);
    let pages = 0;
    for (const [processId, state] of now) {
      pages += state.residentPages;
      const earlier = before.get(processId)?.processorTicks ?? 0;
      ticks.set(processId, state.processorTicks - earlier);
    }
    peakPages = Math.max(peakPages, pages);
  };
  const ended = new AbortController();
  const watching = (async () => {
    for await (const _ of setInterval(sampleMilliseconds, undefined, { signal: ended.signal }))
      look();
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  try {
    await work;
  } finally {
    ended.abort();
    await watching;
  }
  look();
  return {
    peakMegabytes: (peakPages * pageBytes) / 1e6,
    processorSeconds: [...ticks.values()].reduce((sum, each) => sum + each, 0) / ticksPerSecond,
  };
}
