import type { Background } from "../background.ts";
import type { DatabaseServers } from "../data-planes.ts";
import type { Dials } from "../dials.ts";
import type { Faults } from "../faults.ts";
import type { KeyUse } from "../kms/key-store.ts";
import type { RdsStore } from "./rds-store.ts";

/** What the operations of RDS share. */
export interface RdsContext {
  readonly store: RdsStore;
  readonly servers: DatabaseServers;
  readonly keys: KeyUse;
  readonly faults: Faults;
  readonly background: Background;
  readonly dials: Dials;
}
