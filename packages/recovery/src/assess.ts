import { assessDatabases } from "./assess-databases.ts";
import { assessSecrets, isMissing } from "./assess-secrets.ts";
import type { Checkout } from "./checkout.ts";
import type { Finding, Verdict } from "./finding.ts";
import { finding } from "./findings.ts";
import type { Observation, Problem, RegionObservation } from "./observation.ts";
import { type Picture, pictureOf } from "./picture.ts";

export interface Assessment {
  readonly verdict: Verdict;
  readonly activeRegion: string | undefined;
  /** Errors first, then warnings, then notices. */
  readonly findings: readonly Finding[];
}

/** What an observation means. Nothing is asked here, and nothing is concluded from silence. */
export function assess(observation: Observation, checkout?: Checkout): Assessment {
  const picture = pictureOf(observation);
  const findings = bySeverity([
    ...assessOperation(observation),
    ...assessWriters(observation, picture),
    ...assessSight(observation, picture),
    ...assessRecord(observation, picture),
    ...assessDatabases(observation, picture),
    ...assessSecrets(observation),
    ...assessCheckout(observation, picture, checkout),
  ]);
  return {
    verdict: verdictOf(observation, picture, findings),
    activeRegion: picture.activeRegion,
    findings,
  };
}

const order = ["error", "warning", "notice"];

export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));

function verdictOf(
  { operation }: Observation,
  picture: Picture,
  findings: readonly Finding[],
): Verdict {
  if (operation.seen && operation.value && !operation.value.expired) return "moving";
  if (picture.writers.length > 1) return "split-brain";
  if (picture.named?.writable === false) return "no-writer";
  if (picture.writers.length === 0)
    return picture.unseenRegions.length > 0 || picture.databases.some(cannotBeTold)
      ? "unknown"
      : "no-writer";
  if (findings.some(({ severity }) => severity === "error")) return "exposed";
  return picture.current.every(({ inside }) => inside.seen) ? "ready" : "unknown";
}

const cannotBeTold = ({ writable }: { readonly writable: boolean | undefined }): boolean =>
  writable === undefined;

function assessOperation({ operation, deployment }: Observation): readonly Finding[] {
  if (!operation.seen || !operation.value) return [];
  const code = operation.value.expired ? "operation-abandoned" : "operation-under-way";
  return [finding(code, deployment, operation.value)];
}

const place = ({ identifier, region }: { readonly identifier: string; readonly region: string }) =>
  `${identifier} in ${region}`;

function assessWriters(
  { deployment, operation }: Observation,
  picture: Picture,
): readonly Finding[] {
  const { writers, named, databases, unseenRegions, recordTarget } = picture;
  const { flags } = deployment;
  if (writers.length > 1) {
    const fence = writers.find(({ address }) => address !== recordTarget)?.region;
    return [
      finding("split-brain", deployment, {
        writers: writers.map(place),
        fence: fence ?? deployment.primaryRegion,
      }),
    ];
  }
  const [writer] = writers;
  if (named?.writable === false) {
    if (flags.readOnlyFailover && named.mode === "replica")
      return [finding("read-only-failover", deployment, named)];
    return writer
      ? [finding("record-behind", deployment, { target: place(named), writer: place(writer) })]
      : [finding("no-writer", deployment, { target: place(named) })];
  }
  const nobody = writers.length === 0 && unseenRegions.length === 0;
  if (nobody && !databases.some(cannotBeTold) && !(operation.seen && operation.value))
    return [finding("no-writer", deployment, { target: undefined })];
  return [];
}

/** What did not answer: a dark Region is one finding and not one for each of its parts. */
function assessSight(observation: Observation, picture: Picture): readonly Finding[] {
  const { deployment, regions, record, operation } = observation;
  const findings: Finding[] = [];
  for (const region of [regions.primary, regions.recovery]) {
    if (region.reachable || isSkipped(region)) {
      findings.push(...partProblems(observation, region));
      continue;
    }
    // With a writer elsewhere, that this Region cannot take over says it all.
    const active = picture.activeRegion === region.region;
    if (active || picture.writers.length === 0)
      findings.push(finding("region-unreachable", deployment, { region: region.region, active }));
  }
  if (!record.seen)
    findings.push(
      record.problem.kind === "skipped"
        ? finding("record-owner", deployment, {})
        : finding("record-unseen", deployment, { why: record.problem.message }),
    );
  if (!operation.seen && operation.problem.kind !== "skipped")
    findings.push(unseenPart(observation, operation.problem));
  return findings;
}

const isSkipped = ({ databases }: RegionObservation): boolean =>
  !databases.seen && databases.problem.kind === "skipped";

const partProblems = (observation: Observation, region: RegionObservation): readonly Finding[] =>
  [region.databases, ...(isMissing(region) ? [] : [region.secret])].flatMap((part) =>
    part.seen || part.problem.kind === "skipped" ? [] : [unseenPart(observation, part.problem)],
  );

const unseenPart = ({ deployment }: Observation, { kind, message }: Problem): Finding =>
  finding(kind === "denied" ? "not-allowed-to-look" : "not-seen", deployment, { what: message });

function assessRecord(
  { deployment, record, regions }: Observation,
  { recordTarget, named, unseenRegions }: Picture,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (recordTarget !== undefined && !named && unseenRegions.length === 0)
    findings.push(finding("record-names-nobody", deployment, { target: recordTarget }));
  if (!record.seen) return findings;
  for (const { region, answer } of [regions.primary, regions.recovery]) {
    const answered = answer.seen ? answer.value.target : undefined;
    if (answered !== undefined && answered !== record.value.target)
      findings.push(
        finding("answers-differ", deployment, {
          region,
          answer: answered,
          target: record.value.target,
        }),
      );
  }
  return findings;
}

function assessCheckout(
  { deployment }: Observation,
  { activeRegion }: Picture,
  checkout: Checkout | undefined,
): readonly Finding[] {
  const { flags, recoveryRegion } = deployment;
  const subject =
    flags.failover && activeRegion === recoveryRegion
      ? `Fail over to ${recoveryRegion}`
      : "Set the operating flags";
  return (checkout?.uncommitted ?? []).map((file) =>
    finding("flag-not-committed", deployment, { file, subject }),
  );
}
