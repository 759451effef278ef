import type { ReplicationState } from "./data-planes.ts";
import type { ServerSettings } from "./database-servers/parameters.ts";
import type { Session } from "./database-servers/session.ts";

export const databaseKinds = ["mysql", "mariadb"] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where a replica finds its source. */
export interface ReplicationSource extends Credentials {
  readonly address: string;
  readonly port: number;
  readonly caFile: string;
}

export interface ServerLayout {
  readonly dataFolder: string;
  readonly temporaryFolder: string;
  readonly socketPath: string;
  readonly address: string;
  readonly port: number;
  /** Differs from server to server; transactions carry it. */
  readonly serverId: number;
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Whom the server lets in: functions alone, as in a VPC, or everybody, where a single server is under test. */
  readonly clients: "functions" | "everybody";
}

export interface ServerProgram {
  /** For people, such as "MariaDB 10.11.19". */
  readonly version: string;
  readonly server: string;
  /** Fills an empty data folder. */
  readonly installer: string;
}

/** All that differs between kinds of MySQL server: their programs, options and statements. */
export interface DatabaseDialect {
  readonly kind: DatabaseKind;
  /** For an error message, after "is missing:". */
  readonly howToGetIt: string;
  /** Account without a password: reached by the unix socket alone, whose folder is its owner's. */
  readonly administrator: string;
  /** On PATH or where packages put it, then `made` by the set-up. Undefined when this machine has none that is recent enough. */
  findProgram(made?: string): Promise<ServerProgram | undefined>;
  /** Arguments of the installer that fills an empty data folder. Two that shared a folder for temporary files would disturb each other. */
  installerParameters(dataFolder: string, temporaryFolder: string): readonly string[];
  /** What the installer writes that names one server, and that servers with the same data must not share. */
  readonly filesOfOneServer: readonly string[];
  serverParameters(layout: ServerLayout, settings: ServerSettings): readonly string[];
  createReplicationUser(session: Session, user: Credentials): Promise<void>;
  /** The rights of RDS's master user: all that applications and a rotation need, none that gets past `read_only`. */
  createMasterUser(session: Session, user: Credentials): Promise<void>;
  createDatabase(session: Session, name: string): Promise<void>;
  setPassword(session: Session, user: Credentials): Promise<void>;
  applySettings(session: Session, settings: ServerSettings): Promise<void>;
  startReplication(session: Session, source: ReplicationSource): Promise<void>;
  /** Applies what was received, then stops and forgets the source. Nothing to do on a server that is no replica. */
  endReplication(session: Session): Promise<void>;
  replicationState(session: Session): Promise<ReplicationState>;
  /** What the server has written and received so far, in the server's own terms. */
  position(session: Session): Promise<string>;
  /** False when the time was up first. */
  waitForPosition(session: Session, position: string, seconds: number): Promise<boolean>;
}
