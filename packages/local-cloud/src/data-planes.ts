/** The contracts between the AWS services and the real servers behind them. */

export interface ReplicationState {
  /** False for a server that never was, or no longer is, a replica. */
  readonly configured: boolean;
  /** Both the receiving and the applying side run. */
  readonly running: boolean;
  /** Null: unknown, replication does not run. */
  readonly lagSeconds: number | null;
  readonly error?: string;
}

export type DatabaseParameters = Readonly<Record<string, string>>;

export interface NewDatabase {
  readonly region: string;
  /** The RDS endpoint name that its TLS certificate names. */
  readonly endpoint: string;
  /** Merged parameter group: the dialect maps what the server knows and ignores the rest. */
  readonly parameters: DatabaseParameters;
}

export interface DatabaseServer {
  readonly region: string;
  readonly endpoint: string;
  /** A loopback address of its own: every server listens on port 3306 of it. */
  readonly address: string;
  readonly port: number;
  replication(): Promise<ReplicationState>;
  /** Undefined: the server does not answer. */
  connections(): Promise<number | undefined>;
  /** Ends replication, restarts as RDS does, opens the server for writes. */
  promote(): Promise<void>;
  applyParameters(parameters: DatabaseParameters): Promise<void>;
  setMasterPassword(username: string, password: string): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

export interface DatabaseServers {
  /** For example "MariaDB 10.11.19". */
  readonly version: string;
  create(
    database: NewDatabase & {
      readonly masterUsername: string;
      readonly masterPassword: string;
      readonly databaseName?: string;
    },
  ): Promise<DatabaseServer>;
  /** Returns when the replica has caught up with what the source had when this was called. */
  createReplica(
    database: NewDatabase & { readonly source: DatabaseServer },
  ): Promise<DatabaseServer>;
  /** The servers of a lost Region freeze (`hang`) or die (`refuse`, `5xx`); restored ones go on with the data that they had. */
  followOutage(region: string, mode: "hang" | "refuse" | "5xx" | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface FunctionDeployment {
  readonly region: string;
  readonly name: string;
  /** The zip archive that was uploaded. */
  readonly archive: Uint8Array;
  /** `<file>.<export>`, such as `index.handler`. */
  readonly handler: string;
  /** What the function sees, AWS_* variables of the runtime included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface InvocationResult {
  readonly payload: Uint8Array;
  /** Set when the handler threw, timed out or its process ended. */
  readonly functionError?: "Unhandled";
  /** Last lines that the function printed. */
  readonly logTail: string;
}

export interface FunctionRuntime {
  /** New code or configuration: running environments of the old one are retired. */
  deploy(deployment: FunctionDeployment): Promise<void>;
  remove(region: string, name: string): Promise<void>;
  invoke(
    region: string,
    name: string,
    payload: Uint8Array,
    signal: AbortSignal,
  ): Promise<InvocationResult>;
  /** Environments of a lost Region are killed; a restored Region starts new ones. */
  followOutage(region: string, mode: "hang" | "refuse" | "5xx" | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: "A" | "CNAME" | "SOA" | "NS" | "TXT";
  readonly ttlSeconds: number;
  /** A: address. CNAME and NS: name. TXT: text. SOA: the seven fields, separated by spaces. */
  readonly data: string;
}

/** An authority for some names. */
export interface DnsAuthority {
  /**
   * Undefined: not my name. Otherwise the records of exactly this name (any type), none when the name does not exist,
   * and the zone's SOA for negative answers. Unanswerable: the name is there, and what it would answer is not modelled.
   */
  lookUp(name: string):
    | {
        readonly exists: boolean;
        readonly records: readonly DnsRecord[];
        readonly soa: DnsRecord;
        readonly isUnanswerable?: true;
      }
    | undefined;
}
