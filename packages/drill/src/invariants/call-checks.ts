import type { Call } from "@standby/local-cloud";
import type { DnsSwitch } from "@standby/topology";
import type { Evidence } from "../evidence.ts";
import { count, defineCheck, some } from "./check.ts";

/** Calls by operation, for example `{ "route53:ChangeResourceRecordSets": 1 }`. */
export function countByOperation(calls: readonly Call[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { service, operation } of calls) {
    const name = `${service}:${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

type CallEvidence = Pick<
  Evidence,
  "callsAfterLoss" | "movedBy" | "primaryRegion" | "workloadPrincipal"
>;

/** The monitor asks both Regions every minute whatever happens: that the lost one is silent is what it is there to see. */
const isOfMonitor = ({ principal }: Call): boolean =>
  /:assumed-role\/[^/]+\/[^/]+-monitor$/.test(principal);

/** The load itself is not counted: its clients cannot know yet that the Region is lost. */
const callsToPrimary = (evidence: CallEvidence): readonly Call[] =>
  (evidence.callsAfterLoss ?? []).filter(
    (call) =>
      call.region === evidence.primaryRegion &&
      call.principal !== evidence.workloadPrincipal &&
      !isOfMonitor(call),
  );

/** What the failover and the applications asked of the lost Region. Route 53's control plane is counted apart. */
export const callsToLostRegion = (evidence: CallEvidence): readonly Call[] =>
  callsToPrimary(evidence).filter((call) => call.service !== "route53");

/**
 * `standby failover` asks once whether the old source still answers, and STS whether the Region does; the SDK may send
 * each of them a second time within its deadline.
 */
const timesSent = 2;
const fenceQuestions = ["rds:DescribeDBInstances", "sts:GetCallerIdentity"];
const isFenceQuestion = ({ service, operation }: Call): boolean =>
  fenceQuestions.includes(`${service}:${operation}`);

/** Signed for us-east-1 because Route 53's control plane is there: the failover depends on it. */
export const route53Calls = (evidence: CallEvidence): readonly Call[] =>
  (evidence.callsAfterLoss ?? []).filter(
    (call) => call.service === "route53" && !isOfMonitor(call),
  );

export const lostRegionUntouched = defineCheck(
  "lost-region-untouched",
  ["callsAfterLoss"],
  (evidence) => {
    const all = callsToLostRegion(evidence);
    const questions = Object.values(countByOperation(all.filter(isFenceQuestion)));
    const mayAsk = evidence.movedBy === "command" && questions.every((times) => times <= timesSent);
    const calls = mayAsk ? all.filter((call) => !isFenceQuestion(call)) : all;
    const asked = mayAsk && questions.length > 0 ? " and the questions of the fence" : "";
    return {
      ok: evidence.callsAfterLoss.length > 0 && calls.length === 0,
      detail:
        calls.length === 0
          ? `no call to ${evidence.primaryRegion} but ${count(route53Calls(evidence).length, "call")} of Route 53's control plane${asked}`
          : `${count(calls.length, "call")} to ${evidence.primaryRegion}: ${some(Object.keys(countByOperation(calls)))}`,
    };
  },
);

/** What moves the name: a change of its record, or the new value of the function that says where it leads. */
export const moveOperation: Readonly<Record<DnsSwitch, string>> = {
  record: "ChangeResourceRecordSets",
  "health-check": "UpdateFunctionConfiguration",
};

/** With the name moved by a health check, no move needs what is lost with us-east-1. */
export const route53Untouched = defineCheck(
  "route53-control-plane-untouched",
  ["callsAfterLoss"],
  (evidence) => {
    const calls = route53Calls(evidence).length;
    if (evidence.dnsSwitch === "record")
      return { ok: true, detail: `the record's own mode needs it: ${count(calls, "call")}` };
    return { ok: calls === 0, detail: `${count(calls, "call")} of Route 53's control plane` };
  },
);

/** The name must never lead to a database that is still read-only: promoted, looked at, and only then moved. */
export const promotionBeforeMove = defineCheck(
  "promotion-before-move",
  ["callsAfterLoss"],
  ({ callsAfterLoss: calls, recoveryRegion, dnsSwitch }) => {
    const operation = moveOperation[dnsSwitch];
    const promotions = calls.filter((call) => call.operation === "PromoteReadReplica");
    const changes = calls.filter((call) => call.operation === operation);
    const [promotion] = promotions;
    const [change] = changes;
    if (!promotion || !change)
      return {
        ok: false,
        detail: `${count(promotions.length, "promotion")}, ${count(changes.length, "move")} of the name`,
      };
    const looked = calls.some(
      (call) =>
        call.operation === "DescribeDBInstances" &&
        call.region === recoveryRegion &&
        call.sequence > promotion.sequence &&
        call.sequence < change.sequence,
    );
    const ordered =
      promotions.length === 1 &&
      changes.length === 1 &&
      promotion.region === recoveryRegion &&
      promotion.status === 200 &&
      promotion.sequence < change.sequence;
    return {
      ok: ordered && looked,
      detail: `PromoteReadReplica was call ${promotion.sequence}, ${operation} call ${change.sequence}, the database ${looked ? "was" : "was not"} looked at in between`,
    };
  },
);
