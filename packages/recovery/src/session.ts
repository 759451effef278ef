import { type Checkout, readCheckout } from "./checkout.ts";
import { systemClock } from "./clock.ts";
import { findPair, flagsOf, readDeployment, type StackPair } from "./deployment.ts";
import { createEngine, type Engine } from "./engine.ts";
import { currentOperation } from "./lock.ts";
import type { Deployment, Observation, Operation, Seen } from "./observation.ts";
import { type ObserveOptions, observationDeadlineSeconds, observe } from "./observe.ts";
import { type ProgramChange, readProgramChange } from "./program-change.ts";
import { openProject, type Project } from "./project.ts";
import { type ObjectStore, recoveryBucket } from "./recovery-bucket.ts";
import { AwsClients } from "./region-clients.ts";
import { NothingToSee, startLook } from "./seen.ts";

/** A command's way to one deployment: found once, observed as often as needed. */
export interface Session extends Disposable {
  readonly project: Project;
  readonly pair: StackPair;
  readonly deployment: Deployment;
  readonly engine: Engine;
  readonly clients: AwsClients;
  /** The lock and the journal; undefined while the deployed stack has no recovery bucket. */
  readonly store: ObjectStore | undefined;
  /** With the flags as the stack files have them by then. */
  observe(
    signal: AbortSignal,
    options?: Pick<ObserveOptions, "deadlineSeconds" | "hearing" | "primaryRegion">,
  ): Promise<Observation>;
  checkout(signal: AbortSignal): Promise<Seen<Checkout>>;
  program(signal: AbortSignal): Promise<Seen<ProgramChange>>;
}

export interface SessionOptions {
  /** Default: the only stack file with the role recovery. */
  readonly stack?: string | undefined;
  /** Default: where the process runs. */
  readonly folder?: string;
  readonly signal: AbortSignal;
}

/**
 * Finds the pair and reads its outputs. Nothing of the primary Region is asked.
 *
 * @throws UsageError for a project or stack that is not one; EngineError
 */
export async function openSession({ stack, folder, signal }: SessionOptions): Promise<Session> {
  const project = await openProject(folder ?? process.cwd());
  const pair = findPair(project, stack);
  const engine = createEngine({ projectFolder: project.folder });
  const deployment = await readDeployment(pair, engine, signal);
  const { recoveryRegion, recovery } = deployment;
  const clients = new AwsClients(recoveryRegion);
  const store =
    recovery.recoveryBucket === undefined
      ? undefined
      : recoveryBucket(clients.in(recoveryRegion).s3, recovery.recoveryBucket);
  const readOperation = operationIn(store);
  return {
    project,
    pair,
    deployment,
    engine,
    clients,
    store,
    async observe(signal, options) {
      // The stack files are read while AWS answers.
      const [observation, now] = await Promise.all([
        observe({ deployment, clients, readOperation, signal, ...options }),
        openProject(project.folder),
      ]);
      const flags = flagsOf(findPair(now, pair.recovery.stack));
      return { ...observation, deployment: { ...deployment, flags } };
    },
    checkout: (signal) =>
      readCheckout(pair, project.folder, startLook(signal, observationDeadlineSeconds)),
    program: (signal) =>
      readProgramChange(deployment, project.folder, startLook(signal, programDeadlineSeconds)),
    [Symbol.dispose]: () => clients[Symbol.dispose](),
  };
}

/** Reading sources takes milliseconds; when they differ the engine is asked for its history. */
const programDeadlineSeconds = 10;

const operationIn =
  (store: ObjectStore | undefined) =>
  async (signal: AbortSignal): Promise<Operation | undefined> => {
    if (!store) throw new NothingToSee("the recovery stack has no recovery bucket yet");
    return await currentOperation({ store, clock: systemClock }, signal);
  };
