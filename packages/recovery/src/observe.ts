import {
  type ProbeAnswers,
  type ProbeRequest,
  probeFunctionName,
  type StackOutputs,
} from "@standby/topology";
import { type Hearing, startHearing } from "./hearing.ts";
import type { Deployment, Observation, Operation, RegionObservation, Seen } from "./observation.ts";
import { observeDatabases } from "./observe-databases.ts";
import { observeRecord, plain, recordByAnswer } from "./observe-record.ts";
import { observeSecret } from "./observe-secret.ts";
import { ProbeClient } from "./probe-client.ts";
import type { AwsClients, RegionClients } from "./region-clients.ts";
import { type Look, look, unseen } from "./seen.ts";

/** How long a command that looks at both Regions waits for what does not answer, in a Region that has answered something. */
export const observationDeadlineSeconds = 3;

export interface ObserveOptions {
  readonly deployment: Deployment;
  readonly clients: AwsClients;
  /** Who operates the pair now, as the lock says it. */
  readonly readOperation: (signal: AbortSignal) => Promise<Operation | undefined>;
  readonly signal: AbortSignal;
  /** Default: 3. */
  readonly deadlineSeconds?: number;
  /** Of a look that asks more than this one does, with its own deadline. Default: one of this look alone. */
  readonly hearing?: Hearing;
  /**
   * `leave`: no client of the primary Region is made and nothing of it is asked; it is `skipped`. For a failover, which may depend on
   * nothing of a Region that may be lost. Default: `look`.
   */
  readonly primaryRegion?: "look" | "leave";
  /** Default: the system's. */
  readonly now?: () => Date;
}

/**
 * Looks at everything at once. Each part is seen, or says why it was not; all of it has come back when the deadline is over.
 *
 * @throws only the signal's reason
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { deployment, clients, readOperation, signal, now = () => new Date() } = options;
  const hearing =
    options.hearing ?? startHearing(signal, options.deadlineSeconds ?? observationDeadlineSeconds);
  const regionOf = (outputs: StackOutputs) =>
    observeRegion(deployment, outputs, clients.in(outputs.region), hearing.in(outputs.region));
  const observedAt = now().toISOString();
  const name = deployment.databaseHostName;
  const [primary, recovery, record, operation] = await Promise.all([
    options.primaryRegion === "leave" ? skippedRegion(deployment) : regionOf(deployment.primary),
    regionOf(deployment.recovery),
    deployment.recovery.dnsSwitch === "health-check"
      ? undefined
      : look("Route 53", hearing.elsewhere, (both) =>
          observeRecord(clients.route53, { zoneId: deployment.zoneId, name }, both),
        ),
    look("the recovery bucket", hearing.elsewhere, readOperation),
  ]);
  return {
    observedAt,
    deployment,
    regions: { primary, recovery },
    record: record ?? recordByAnswer(name, recovery.answer),
    operation,
  };
}

async function observeRegion(
  { service, databaseHostName }: Deployment,
  outputs: StackOutputs,
  clients: RegionClients,
  sight: Look,
): Promise<RegionObservation> {
  const { region } = outputs;
  const ask = questions(probeOf(service, outputs, clients), sight);
  const inside = askedOnce((address: string) => ask({ ask: "database", address }));
  // Where the database was at the last update: asked at once, so that the answer of RDS need not be waited for first.
  void inside(outputs.database.address);
  const [databases, secret, answer] = await Promise.all([
    observeDatabases(
      {
        service,
        outputs,
        rds: clients.rds,
        inside,
      },
      sight,
    ),
    observeSecret(
      {
        region,
        arn: outputs.secretArn,
        secretsManager: clients.secretsManager,
        readable: () => ask({ ask: "secret" }),
      },
      sight,
    ),
    ask({ ask: "resolve", host: databaseHostName }),
  ]);
  const resolved: RegionObservation["answer"] =
    answer.seen && answer.value.target !== undefined
      ? { seen: true, value: { ...answer.value, target: plain(answer.value.target) } }
      : answer;
  const reachable = [databases, secret, answer].some(answered);
  return { region, role: outputs.role, reachable, databases, secret, answer: resolved };
}

/** The same question within one look has one answer. */
function askedOnce<Answer>(
  ask: (name: string) => Promise<Answer>,
): (name: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (name) => {
    const known = answers.get(name) ?? ask(name);
    answers.set(name, known);
    // Nobody may be waiting for it when the caller gives up.
    known.catch(() => {});
    return known;
  };
}

/** A refusal is an answer too. */
const answered = (part: Seen<unknown>): boolean =>
  part.seen || !["unreachable", "skipped"].includes(part.problem.kind);

export const probeOf = (
  service: string,
  { region, probeFunctionName: name }: StackOutputs,
  { lambda }: Pick<RegionClients, "lambda">,
): ProbeClient => new ProbeClient(lambda, region, name ?? probeFunctionName(service));

/** A failure that the probe found is kept with what could not be seen because of it. */
function questions(probe: ProbeClient, sight: Look) {
  return async <Request extends ProbeRequest>(
    request: Request,
  ): Promise<Seen<ProbeAnswers[Request["ask"]]>> => {
    const reply = await look(`the probe in ${probe.region}`, sight, (signal) =>
      probe.ask(request, signal),
    );
    if (!reply.seen) return reply;
    if (reply.value.ok) return { seen: true, value: reply.value.answer };
    const { failure } = reply.value;
    return {
      seen: false,
      problem: {
        kind: failure.code === "access-denied" ? "denied" : "failed",
        message: `the probe in ${probe.region}: ${failure.message}`,
        failure,
      },
    };
  };
}

function skippedRegion({ primaryRegion }: Deployment): RegionObservation {
  const skipped = unseen("skipped", `${primaryRegion} was not asked`);
  return {
    region: primaryRegion,
    role: "primary",
    reachable: false,
    databases: skipped,
    secret: skipped,
    answer: skipped,
  };
}
