import type { DnsSwitch } from "@standby/topology";
import type { Notice } from "./decide.ts";
import type { Refusal } from "./refusal.ts";

/** What decides whether the name may be declared the way it is asked for. */
export interface DnsSwitchFacts {
  readonly stack: string;
  readonly region: string;
  readonly databaseHostName: string;
  readonly dnsSwitch: DnsSwitch;
  readonly failover: boolean;
  readonly readOnlyFailover: boolean;
  readonly fenced: boolean;
  readonly pinned: boolean;
  readonly record: { readonly former?: string | undefined };
  readonly last: {
    readonly recordRegion?: string | undefined;
    readonly dnsSwitch?: DnsSwitch | undefined;
    readonly databaseHostName?: string | undefined;
  };
}

/**
 * The way in which the name moves is chosen on the first day: one name cannot be a plain record and a pair of failover records, and to
 * delete the one for the other would leave the application without any. So another way begins with another name, in normal times.
 */
export function dnsSwitchRefusals(facts: DnsSwitchFacts): readonly Refusal[] {
  const { stack, region, pinned, last } = facts;
  if (pinned && last.recordRegion !== undefined && last.recordRegion !== region)
    return [
      {
        key: "standby:pinned",
        reason:
          "is on, and the name does not lead to this Region yet: only a move that is over can be pinned",
        next: `pulumi config set pinned false -s ${stack} && pulumi up -s ${stack}`,
      },
    ];
  const before = lastSwitch(facts);
  return before === undefined || before === facts.dnsSwitch ? [] : changeRefusals(facts, before);
}

/** An update of before there was a choice left a plain record. */
const lastSwitch = ({ last }: DnsSwitchFacts): DnsSwitch | undefined =>
  last.recordRegion === undefined ? undefined : (last.dnsSwitch ?? "record");

function changeRefusals(facts: DnsSwitchFacts, before: DnsSwitch): readonly Refusal[] {
  const { stack, region, databaseHostName, record, last } = facts;
  const back = `pulumi config set dnsSwitch ${before} -s ${stack}`;
  const moved = facts.failover || facts.readOnlyFailover || facts.fenced || facts.pinned;
  if (moved || last.recordRegion === region)
    return [
      {
        key: "standby:dnsSwitch",
        reason: `changes only in normal times, with the name in the primary Region and every operating flag off; it is ${before} now`,
        next: `${back}, and the change after the way home: standby rebuild, then standby switchover`,
      },
    ];
  if ((last.databaseHostName ?? databaseHostName) === databaseHostName)
    return [
      {
        key: "standby:dnsSwitch",
        reason:
          "changes only together with databaseHostName: a plain record and failover records cannot share a name, and a name that is absent in between is an outage",
        next: `a new databaseHostName in both stack files and record.former with the old one, see "How the name moves" in docs/configuration.md; or ${back}`,
      },
    ];
  return record.former === last.databaseHostName
    ? []
    : [
        {
          key: "standby:record.former",
          reason: `must be ${last.databaseHostName}: the application connects by it until the secret's host is changed`,
          next: `pulumi config set --path record.former ${last.databaseHostName} -s ${stack}`,
        },
      ];
}

/** Nothing moves a name that is only kept for those who have not left it. */
export const formerNameNotice = ({ stack, record, databaseHostName }: DnsSwitchFacts): Notice => ({
  message: `${record.former} is kept for whoever has not followed the secret to ${databaseHostName} yet, and a failover does not move it`,
  next: `standby set-host ${databaseHostName}, and when nobody uses ${record.former} any more: docs/configuration.md, "How the name moves" (-s ${stack})`,
});
