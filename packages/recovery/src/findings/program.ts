import { entry, stackOf, update } from "./entry.ts";

/** The functions, the program, its state, and who runs it: what a failover needs besides databases. */
export const programFindings = {
  "functions-differ": entry<{ readonly functionName: string }>(
    "warning",
    ({ functionName }, { primaryStack, recoveryStack }) => ({
      message: `${functionName} runs other code in each Region: after a failover the application would behave differently`,
      remedy: [update(primaryStack), update(recoveryStack)],
    }),
  ),
  "function-missing": entry<{ readonly functionName: string; readonly region: string }>(
    "error",
    ({ functionName, region }, deployment) => ({
      message: `the function ${functionName} is not there in ${region}`,
      remedy: [update(stackOf(deployment, region))],
    }),
  ),
  "host-not-allowed": entry<{
    readonly functionName: string;
    readonly region: string;
    readonly host: string;
  }>("error", ({ functionName, region, host }, deployment) => ({
    message: `${functionName} in ${region} may not connect to ${host}: it would refuse the database after a move`,
    remedy: [update(stackOf(deployment, region))],
  })),
  "program-differs": entry<{ readonly deployedCommit: string | undefined }>(
    "error",
    ({ deployedCommit }, { recoveryStack }) => ({
      message: `the program in this checkout is not the one that ${recoveryStack} was last updated by${deployedCommit === undefined ? "" : ` (commit ${deployedCommit.slice(0, 12)})`}: a move would deploy the difference as well`,
      remedy: [
        `git restore --source ${deployedCommit?.slice(0, 12) ?? "<deployed commit>"} -- packages apps`,
        `pulumi preview -s ${recoveryStack}`,
      ],
    }),
  ),
  "state-in-primary-region": entry<{ readonly stack: string; readonly what: string }>(
    "error",
    ({ stack, what }, { primaryRegion }) => ({
      message: `${what} of ${stack} is in ${primaryRegion}: when that is lost, no update works, and no failover by the program either`,
      remedy: [
        what.startsWith("the key")
          ? `pulumi stack change-secrets-provider <key in another Region> -s ${stack}`
          : `pulumi stack export -s ${stack} --file state.json`,
      ],
    }),
  ),
  "wrong-account": entry<{ readonly account: string }>("error", ({ account }, { accountId }) => ({
    message: `the credentials belong to the account ${account}; the pair is in ${accountId}`,
    remedy: ["aws sts get-caller-identity"],
  })),
  "credentials-expire": entry<{ readonly minutes: number }>("warning", ({ minutes }) => ({
    message: `the credentials expire in ${minutes} min: a failover may take longer`,
    remedy: ["aws sts get-caller-identity"],
  })),
  "credentials-need-primary-region": entry<{ readonly setting: string }>(
    "warning",
    ({ setting }, { primaryRegion }) => ({
      message: `${setting} names ${primaryRegion}: new credentials may not be had while that is lost`,
      remedy: ["aws configure list"],
    }),
  ),
  "engine-missing": entry<{ readonly what: string }>("error", ({ what }) => ({
    message: `${what} is not installed: it could not be downloaded in an outage`,
    remedy: ["pulumi version", "pulumi plugin ls"],
  })),
  "stack-locked": entry<{ readonly stack: string; readonly owner: string }>(
    "error",
    ({ stack, owner }) => ({
      message: `the stack ${stack} is locked by ${owner}`,
      remedy: [`pulumi stack history -s ${stack}`, `pulumi cancel -s ${stack}`],
    }),
  ),
  "pending-operations": entry<{ readonly stack: string; readonly operations: readonly string[] }>(
    "warning",
    ({ stack, operations }) => ({
      message: `an update of ${stack} was killed, and nobody has looked how these ended: ${operations.join(", ")}`,
      remedy: [`pulumi refresh -s ${stack}`, update(stack)],
    }),
  ),
  "preview-not-empty": entry<{ readonly stack: string; readonly operations: readonly string[] }>(
    "warning",
    ({ stack, operations }) => ({
      message: `an update of ${stack} would change more than a failover does: ${operations.join(", ")}`,
      remedy: [`pulumi preview -s ${stack}`, update(stack)],
    }),
  ),
  "preview-fails": entry<{ readonly stack: string; readonly why: string }>(
    "error",
    ({ stack, why }) => ({
      message: `the program of ${stack} does not run: ${why}`,
      remedy: [`pulumi preview -s ${stack}`],
    }),
  ),
  "loss-unknown": entry<{ readonly why: string }>("error", ({ why }) => ({
    message: `how many writes a failover would lose is not known: ${why}`,
    remedy: ["standby status --watch", "standby failover --accept-data-loss unknown"],
  })),
  "break-glass-not-stored": entry<{ readonly why: string }>("warning", ({ why }, deployment) => ({
    message: `the break-glass page was not stored in the recovery bucket (${why})`,
    remedy: [update(deployment.recoveryStack), "standby preflight"],
  })),
} as const;
