import type { LiveDatabase } from "../actions.ts";
import { ApplicationRefusedError } from "../application.ts";
import { RecoveryError, UnconfirmedError } from "../errors.ts";
import { invokeLine } from "../invoke-line.ts";
import { databaseNamed, isWriter, type MoveContext } from "../move.ts";
import type { Side } from "../side.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";
import { takesWrites } from "./fence.ts";

const healthRequest = {
  version: "2.0",
  rawPath: "/health",
  requestContext: { http: { method: "GET" } },
};

/** Proves the move from where it matters: the database takes a write, the name leads to it, the application writes. */
export const verifyStep = (side: Side, named: LiveDatabase): Step<MoveContext> => ({
  id: "verify",
  title: `Prove that ${side.region} takes writes`,
  byHand: ({ deployment }) => [
    `${invokeLine({ functionName: side.outputs.functionName, region: side.region, payload: healthRequest })}   (role "primary", target ${named.address ?? deployment.databaseHostName})`,
  ],
  isDone: async () => false,
  async run(context, report, signal) {
    const database = await databaseNamed(context, named, signal);
    if (!isWriter(database))
      throw new RecoveryError(
        `${database.identifier} in ${side.region} is ${database.status} and ${database.sourceArn === undefined ? "standalone" : "still a replica"}.`,
        ["the same command again"],
      );
    const began = context.clock.now();
    if (!(await takesWrites(database, context, signal)))
      throw new RecoveryError(`${database.identifier} in ${side.region} refuses writes.`, [
        "standby status",
      ]);
    report(`${database.identifier} took a write and read it again.`);
    await awaitName(side, database, context, report, signal);
    await writeThrough(side, context, report, signal);
    report(
      `The application in ${side.region} wrote through ${context.deployment.databaseHostName}, ${((context.clock.now() - began) / 1000).toFixed(1)} s after the first proof.`,
    );
  },
});

/** What the Region's own resolver answers: Route 53's control plane is not asked. */
export async function awaitName(
  { region }: Side,
  database: LiveDatabase,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const host = context.deployment.databaseHostName;
  const what = `${host} to lead to ${database.identifier} in ${region}`;
  report(
    `AWS: waiting for resolvers, at most the TTL of ${context.deployment.recordTtlSeconds} s.`,
  );
  await until(
    {
      ...context,
      signal,
      what,
      deadlineSeconds: context.deadlines.confirmation,
      intervalSeconds: context.deadlines.poll,
    },
    async () => ((await resolvesTo(region, database, context, signal)) ? true : undefined),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new UnconfirmedError(
      `${database.identifier} in ${region} is there; waited ${context.deadlines.confirmation} s for ${what}, in vain.`,
      ["standby status", "the same command again"],
      { cause: error },
    );
  });
  report(`${host} leads to ${database.address}.`);
}

export async function resolvesTo(
  region: string,
  { address }: LiveDatabase,
  { actions, deployment }: Pick<MoveContext, "actions" | "deployment">,
  signal: AbortSignal,
): Promise<boolean> {
  const reply = await actions.ask(
    region,
    { ask: "resolve", host: deployment.databaseHostName },
    signal,
  );
  const target = reply.ok ? reply.answer.target : undefined;
  return address !== undefined && target?.replace(/\.$/, "").toLowerCase() === address;
}

/** Functions keep connections: the first tries may still meet the old database. */
async function writeThrough(
  { region }: Side,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const mark = `standby-${context.clock.now()}`;
  let reason = "";
  try {
    await until(
      {
        ...context,
        signal,
        what: `the application in ${region} to write`,
        deadlineSeconds: context.deadlines.confirmation,
        intervalSeconds: Math.min(1, context.deadlines.poll),
      },
      async () => {
        try {
          await context.actions.writeThroughApplication(region, mark, signal);
          return true;
        } catch (error) {
          signal.throwIfAborted();
          const now = error instanceof Error ? error.message : String(error);
          if (error instanceof ApplicationRefusedError) throw error;
          if (now !== reason) report(`Not yet: ${now}`);
          reason = now;
          return undefined;
        }
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw new UnconfirmedError(
      `The database and its name have moved to ${region}; the application there did not write: ${error instanceof ApplicationRefusedError ? error.message : reason}`,
      ["standby status", `aws logs tail --since 5m --region ${region} <the function's log group>`],
      { cause: error },
    );
  }
}
