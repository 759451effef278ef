import { dnsSwitchFunctionName } from "@standby/topology";
import { entry, update } from "./entry.ts";

/** The CNAME: what it names, what is answered for it, and whether it could be moved. */
export const recordFindings = {
  "record-unseen": entry<{ readonly why: string }>("warning", ({ why }) => ({
    message: `Route 53's control plane did not show the record (${why}): it could not be moved now either`,
    remedy: ["aws route53 get-hosted-zone-count", "standby status --watch"],
  })),
  "record-names-nobody": entry<{ readonly target: string }>(
    "error",
    ({ target }, { recoveryStack }) => ({
      message: `the CNAME names ${target}, which is no database of this service`,
      remedy: [`pulumi up --refresh -s ${recoveryStack}`],
    }),
  ),
  "record-behind": entry<{ readonly target: string; readonly writer: string }>(
    "error",
    ({ target, writer }) => ({
      message: `the CNAME names ${target}, and ${writer} takes writes`,
      remedy: ["standby failover", "standby history"],
    }),
  ),
  "answers-differ": entry<{
    readonly region: string;
    readonly answer: string;
    readonly target: string;
  }>("warning", ({ region, answer, target }, { recordTtlSeconds, databaseHostName }) => ({
    message: `${region} still resolves ${databaseHostName} to ${answer} and not to ${target}: for at most ${recordTtlSeconds} s after a move`,
    remedy: ["standby status --watch"],
  })),
  "record-ttl": entry<{ readonly ttlSeconds: number }>(
    "warning",
    ({ ttlSeconds }, { recordTtlSeconds, recoveryStack }) => ({
      message: `the record's TTL is ${ttlSeconds} s and not ${recordTtlSeconds} s: clients keep the old answer for that long`,
      remedy: [`pulumi up --refresh -s ${recoveryStack}`],
    }),
  ),
  "switch-silent": entry<{ readonly why: string }>(
    "error",
    ({ why }, { service, recoveryRegion }) => ({
      message: `${dnsSwitchFunctionName(service)} in ${recoveryRegion} publishes nothing (${why}): the name stays where it is, and a failover could not move it`,
      remedy: [
        `aws logs tail /aws/lambda/${dnsSwitchFunctionName(service)} --region ${recoveryRegion} --since 10m`,
      ],
    }),
  ),
  "switch-elsewhere": entry<{ readonly published: string; readonly expected: string }>(
    "error",
    ({ published, expected }, { service, recoveryStack }) => ({
      message: `${dnsSwitchFunctionName(service)} publishes ${published} and the last update named ${expected}: somebody changed its environment, and the name follows`,
      remedy: [`pulumi up --refresh -s ${recoveryStack}`, "standby status"],
    }),
  ),
  "record-owner": entry<Readonly<Record<never, never>>>("error", (_, { recoveryStack }) => ({
    message: `the state of ${recoveryStack} does not hold the record: an update could not move it`,
    remedy: [update(recoveryStack)],
  })),
  "zone-not-associated": entry<{ readonly region: string; readonly vpcId: string }>(
    "error",
    ({ region, vpcId }, { zoneId, recoveryStack }) => ({
      message: `${vpcId} in ${region} is not associated with the zone ${zoneId}: its functions cannot resolve the CNAME`,
      remedy: [update(recoveryStack)],
    }),
  ),
} as const;
