import type { PropertyMap } from "./property-values.ts";

/** One provider resource of one running engine: requests do not name it, so its TCP connection tells which it is. */
export interface Connection {
  readonly region: string;
  readonly accountId: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

export class Connections {
  readonly #configured = new Map<string, Connection>();
  readonly #programFolders = new Map<string, string>();
  readonly #running = new Map<string, AbortController>();

  /** `peer` is the address of the other end. */
  configure(peer: string, connection: Connection): void {
    this.#configured.set(peer, connection);
  }

  /** Throws before Configure. */
  of(peer: string): Connection {
    const connection = this.#configured.get(peer);
    if (connection === undefined) {
      throw new Error("the provider was not configured on this connection: Configure comes first");
    }
    return connection;
  }

  /** The folder that the engine runs the program in. */
  setProgramFolder(peer: string, folder: string): void {
    this.#programFolders.set(peer, folder);
  }

  programFolderOf(peer: string): string | undefined {
    return this.#programFolders.get(peer);
  }

  signalOf(peer: string): AbortSignal {
    const running = this.#running.get(peer) ?? new AbortController();
    this.#running.set(peer, running);
    return running.signal;
  }

  /** The engine says so at the normal end of each phase too: only what this connection has under way ends. */
  cancel(peer: string): void {
    this.#running.get(peer)?.abort();
    this.#running.delete(peer);
  }

  cancelAll(): void {
    for (const peer of [...this.#running.keys()]) this.cancel(peer);
  }
}

/** The Region of one operation: the resource's or function's own argument wins. */
export const regionOf = (connection: Connection, properties: PropertyMap): string => {
  const own = properties["region"];
  return typeof own === "string" && own !== "" ? own : connection.region;
};
