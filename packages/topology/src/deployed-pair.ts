import type { RecoveryPoint, StackOutputs } from "./stack-outputs.ts";

/** The pair as its last updates left it: everything but the operating flags, which stand in the stack files. */
export interface DeployedPair {
  readonly service: string;
  readonly accountId: string;
  readonly primaryRegion: string;
  readonly recoveryRegion: string;
  readonly primaryStack: string;
  readonly recoveryStack: string;
  readonly databaseHostName: string;
  readonly zoneId: string;
  readonly recordTtlSeconds: number;
  /** As it was deployed: what the program itself goes by. */
  readonly recoveryPoint: RecoveryPoint;
  readonly primary: StackOutputs;
  readonly recovery: StackOutputs;
}
