import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { RdsContext } from "./context.ts";
import type { DatabaseInstance } from "./instance.ts";

const gibibyte = 2 ** 30;

/** What RDS publishes of its databases, and for whom. */
export interface InstanceMetricsOptions {
  readonly metrics: MetricStore;
  /** Asking a server costs it a connection: nothing is measured that no alarm of the Region is on. */
  readonly isWatched: (region: string) => boolean;
}

/** Publishes the metrics of every database once a minute of the dial, as RDS does. */
export class InstanceMetrics {
  readonly #rds: RdsContext;
  readonly #options: InstanceMetricsOptions;
  /** What a rehearsal says of a database's storage. */
  readonly #freeBytes = new Map<string, number>();

  constructor(rds: RdsContext, options: InstanceMetricsOptions) {
    this.#rds = rds;
    this.#options = options;
    rds.background.start(() => this.#run());
  }

  /** Storage fills up without the hours that it would take. Undefined: as it was allocated. */
  leaveFree(region: string, identifier: string, bytes: number | undefined): void {
    const key = `${region}/${identifier}`;
    if (bytes === undefined) this.#freeBytes.delete(key);
    else this.#freeBytes.set(key, bytes);
  }

  async #run(): Promise<void> {
    const { background, dials, store } = this.#rds;
    for (;;) {
      await background.sleep(dials.scheduleMinuteSeconds);
      const measured = store
        .instances()
        .filter(({ region }) => background.isReachable(region) && this.#options.isWatched(region));
      await Promise.all(measured.map((instance) => this.#publish(instance)));
    }
  }

  async #publish(instance: DatabaseInstance): Promise<void> {
    const { region, identifier, server, settings } = instance;
    if (!server) return;
    const connections = await server.connections();
    const { lagSeconds } = await server.replication();
    const allocated = (settings.AllocatedStorage ?? 0) * gibibyte;
    const values = {
      FreeStorageSpace: this.#freeBytes.get(`${region}/${identifier}`) ?? allocated,
      DatabaseConnections: connections,
      // RDS's own word for a replication that does not run.
      ReplicaLag: instance.source ? (lagSeconds ?? -1) : undefined,
    };
    for (const [name, value] of Object.entries(values))
      if (value !== undefined)
        this.#options.metrics.put(
          region,
          { namespace: "AWS/RDS", name, dimensions: { DBInstanceIdentifier: identifier } },
          { at: Date.now(), value },
        );
  }
}
