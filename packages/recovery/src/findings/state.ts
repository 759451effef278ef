import { entry, setFlag, stackOf, update } from "./entry.ts";

/** Who takes writes, who could, and what is in the way of knowing it. */
export const stateFindings = {
  "split-brain": entry<{ readonly writers: readonly string[]; readonly fence: string }>(
    "error",
    ({ writers, fence }, deployment) => ({
      message: `${writers.join(" and ")} take writes at the same time: what one of them took, the other lacks. Refuse writes in ${fence}, which the CNAME does not name`,
      remedy: [
        `${setFlag("fenced", "true", stackOf(deployment, fence))} && ${update(stackOf(deployment, fence))}`,
        "standby rebuild",
      ],
    }),
  ),
  "no-writer": entry<{ readonly target: string | undefined }>("error", ({ target }) => ({
    message:
      target === undefined
        ? "no database takes writes"
        : `the CNAME names ${target}, which does not take writes`,
    remedy: ["standby failover", "standby history"],
  })),
  "no-standby": entry<{ readonly active: string; readonly why: string }>(
    "error",
    ({ active, why }) => ({
      message: `nothing can take over from ${active}: ${why}`,
      remedy: ["standby rebuild"],
    }),
  ),
  "region-unreachable": entry<{ readonly region: string; readonly active: boolean }>(
    "error",
    ({ region, active }) => ({
      message: active
        ? `${region} does not answer, and the CNAME names its database`
        : `${region} does not answer: nothing is known of what it holds`,
      remedy: active ? ["standby preflight", "standby failover"] : ["standby status --watch"],
    }),
  ),
  "not-allowed-to-look": entry<{ readonly what: string }>("error", ({ what }) => ({
    message: `the credentials may not ask, or have expired (${what}): nothing is known of it`,
    remedy: ["aws sts get-caller-identity"],
  })),
  "not-seen": entry<{ readonly what: string }>("warning", ({ what }) => ({
    message: `a part could not be looked at (${what}): nothing is known of it`,
    remedy: ["standby status"],
  })),
  "operation-under-way": entry<{
    readonly kind: string;
    readonly owner: string;
    readonly since: string;
  }>("notice", ({ kind, owner, since }) => ({
    message: `a ${kind} is under way: ${owner}, since ${since}`,
    remedy: ["standby status --watch"],
  })),
  "operation-abandoned": entry<{
    readonly kind: string;
    readonly owner: string;
    readonly since: string;
  }>("warning", ({ kind, owner, since }) => ({
    message: `a ${kind} by ${owner} since ${since} has not ended and is not alive any more; the same command goes on where it stopped`,
    remedy: [`standby ${kind}`, "standby history"],
  })),
  "failover-unfinished": entry<{ readonly identifier: string }>(
    "error",
    ({ identifier }, { recoveryStack }) => ({
      message: `the flag failover is on in Pulumi.${recoveryStack}.yaml, and ${identifier} is still a replica`,
      remedy: ["standby failover", setFlag("failover", "false", recoveryStack)],
    }),
  ),
  "flag-not-set": entry<{ readonly identifier: string }>(
    "error",
    ({ identifier }, { recoveryStack }) => ({
      message: `the CNAME names ${identifier}, which takes writes, and the flag failover is off in Pulumi.${recoveryStack}.yaml: the next update is refused`,
      remedy: [setFlag("failover", "true", recoveryStack)],
    }),
  ),
  "flag-not-committed": entry<{ readonly file: string; readonly subject: string }>(
    "warning",
    ({ file, subject }) => ({
      message: `${file} differs from what is committed: somebody else's update would undo it`,
      remedy: [`git commit -m "${subject}" ${file} && git push`],
    }),
  ),
} as const;
