import type { LocalCloud } from "@standby/local-cloud";
import type { Answer, DnsWatch } from "./dns-watch.ts";
import type { Evidence, Phase } from "./evidence.ts";
import type { History } from "./history.ts";
import type { LagSample, LagWatch } from "./lag-watch.ts";
import type { OrdersClient } from "./orders-client.ts";
import type { Pulumi } from "./pulumi.ts";
import type { RotationDriver } from "./rotation-watch.ts";
import type { Standby } from "./standby.ts";
import type { Workload } from "./workload.ts";

/** Shows an act while it runs; `say` replaces the line below its title. */
export type Narrator = <T>(
  title: string,
  work: (say: (line: string) => void) => Promise<T>,
) => Promise<T>;

/** How long the parts of the story last that we choose ourselves. */
export interface Pacing {
  /** Load before the loss. */
  readonly loadSeconds: number;
  /** Load after the first write that the recovery Region acknowledged. */
  readonly afterSeconds: number;
  /** For the first such write, counted from the end of the failover's `up`. */
  readonly takeoverSeconds: number;
}

/**
 * `failover`: by the bare flag, until the loss of the primary Region is survived. `cycle`: by the commands, until both Regions are as
 * before, and a second failover.
 */
export type CourseLength = "failover" | "cycle";

/** What the acts share. */
export interface Stage {
  readonly act: Narrator;
  readonly signal: AbortSignal;
  readonly pacing: Pacing;
  readonly cloud: LocalCloud;
  readonly pulumi: Pulumi;
  readonly standby: Standby;
  readonly evidence: Evidence;
  /** How much of the story is told. */
  readonly course: CourseLength;
  /** Looks at both stacks at every border of two phases, also where a command has looked. */
  readonly previews: boolean;
  /** The password rotates all the time. */
  readonly rotates: boolean;
  readonly history: History;
  readonly answers: Answer[];
  readonly lags: LagSample[];
  /** What runs in the background, to be ended whatever happens. */
  readonly running: {
    workload?: Workload;
    dnsWatch?: DnsWatch;
    lagWatches: LagWatch[];
    /** By Region. */
    rotations: Map<string, RotationDriver>;
    clients: OrdersClient[];
  };
}

/** Notes when each act began and how long it took, also of one that fails. */
export function timed(narrator: Narrator, phases: Phase[]): Narrator {
  return (title, work) =>
    narrator(title, async (say) => {
      const startedAt = new Date();
      try {
        return await work(say);
      } finally {
        const seconds = (Date.now() - startedAt.getTime()) / 1000;
        phases.push({ name: title, startedAt: startedAt.toISOString(), seconds });
      }
    });
}

/** Ends the load and the watch at once; both may be gone already. */
export async function clear({ running }: Stage): Promise<void> {
  const { workload, dnsWatch, lagWatches, rotations } = running;
  await Promise.all([
    workload?.abort(),
    dnsWatch?.stop(),
    ...[...rotations.values()].map((each) => each.stop()),
    ...lagWatches.map((each) => each.stop()),
  ]);
  for (const client of running.clients) client.close();
}
