import { awsActions } from "./aws-actions.ts";
import { systemClock } from "./clock.ts";
import type { Conversation } from "./conversation.ts";
import { RefusedError } from "./errors.ts";
import { type Deadlines, defaultDeadlines, type MoveContext } from "./move.ts";
import { probeOf } from "./observe.ts";
import { thisOwner } from "./owner.ts";
import type { MoveRun } from "./run-move.ts";
import type { Session } from "./session.ts";

export interface OpenMoveOptions {
  readonly conversation: Conversation;
  readonly signal: AbortSignal;
  readonly reason?: string | undefined;
  readonly deadlines?: Partial<Deadlines>;
}

/** A move on the deployment of a session: by AWS's APIs, the real engine, and this process as its owner. */
export function openMove(
  session: Session,
  { conversation, signal, reason, deadlines }: OpenMoveOptions,
): { readonly context: MoveContext; readonly run: MoveRun } {
  const { deployment, engine, clients, project, store } = session;
  // A move without the lock could meet another one half way.
  if (!store)
    throw new RefusedError(
      `The recovery stack has no recovery bucket yet: without it nobody can tell whether somebody else moves ${deployment.service} as well.`,
      [],
      [`pulumi up -s ${deployment.recoveryStack}`],
    );
  const context: MoveContext = {
    deployment,
    projectFolder: project.folder,
    engine,
    programChange: (within) => session.program(within),
    clock: systemClock,
    deadlines: { ...defaultDeadlines, ...deadlines },
    actions: awsActions({
      deployment,
      clients,
      ask: (outputs, request, within) =>
        probeOf(deployment.service, outputs, clients.in(outputs.region)).ask(request, within),
    }),
    mayCancel: (stack, { owner }) =>
      conversation.confirm(
        `${stack} is locked by ${owner}, which no longer runs. Remove its lock?`,
        signal,
      ),
  };
  const run: MoveRun = {
    store,
    clock: systemClock,
    owner: thisOwner(),
    conversation,
    signal,
    reason,
  };
  return { context, run };
}
