import { forbidden, moveAllows } from "../engine-gate.ts";
import { finding } from "../findings.ts";
import { type Check, fail, pass, whenSeen } from "./check.ts";
import type { ByRole } from "./surroundings.ts";

type Role = keyof ByRole<unknown>;

const committed: Check = {
  id: "stack-files-committed",
  title: "the stack files are committed",
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { checkout } }) =>
    whenSeen(checkout, ({ uncommitted: [file] }) =>
      file === undefined
        ? pass("both")
        : fail(
            finding("flag-not-committed", deployment, { file, subject: "Set the operating flags" }),
          ),
    ),
};

const deployedProgram: Check = {
  id: "program-deployed",
  title: "the program in this checkout is the deployed one",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { program } }) =>
    whenSeen(program, (change) =>
      change.isSame
        ? pass(deployment.recoveryStack)
        : fail(finding("program-differs", deployment, change)),
    ),
};

/** The Region that a place names, where it names one. */
const regionOf = (url: string | undefined): string | undefined =>
  /[?&]region=([a-z0-9-]+)/.exec(url ?? "")?.[1] ??
  /arn:aws[a-z-]*:kms:([a-z0-9-]+):/.exec(url ?? "")?.[1];

const stateElsewhere: Check = {
  id: "state-elsewhere",
  title: "state and keys of both stacks live outside the primary Region",
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { installation, secretsProviders } }) => {
    const { primaryRegion, primaryStack, recoveryStack } = deployment;
    for (const [stack, provider] of [
      [recoveryStack, secretsProviders.recovery],
      [primaryStack, secretsProviders.primary],
    ] as const)
      if (regionOf(provider) === primaryRegion)
        return fail(
          finding("state-in-primary-region", deployment, { stack, what: "the key of the secrets" }),
        );
    return whenSeen(installation, ({ backendUrl }) =>
      regionOf(backendUrl) === primaryRegion
        ? fail(
            finding("state-in-primary-region", deployment, {
              stack: recoveryStack,
              what: "the backend of the state",
            }),
          )
        : pass(backendUrl.replace(/:.*/, "") || "no Region named"),
    );
  },
};

const account: Check = {
  id: "credentials-account",
  title: "the credentials belong to the pair's account",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { caller } }) =>
    // Credentials that AWS does not take see nothing, and nothing seen is nothing found.
    !caller.seen && caller.problem.kind === "denied"
      ? fail(finding("not-allowed-to-look", deployment, { what: caller.problem.message }))
      : whenSeen(caller, ({ account: own, arn }) =>
          own === deployment.accountId
            ? pass(arn)
            : fail(finding("wrong-account", deployment, { account: own })),
        ),
};

const enoughMinutes = 60;

const lifetime: Check = {
  id: "credentials-lifetime",
  title: `the credentials live for another ${enoughMinutes} min`,
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { caller, at } }) =>
    whenSeen(caller, ({ expiresAt }) => {
      if (!expiresAt) return pass("they do not expire");
      const minutes = Math.floor((expiresAt.getTime() - at.getTime()) / 60_000);
      return minutes >= enoughMinutes
        ? pass(`${minutes} min`)
        : fail(finding("credentials-expire", deployment, { minutes }));
    }),
};

const credentialsElsewhere: Check = {
  id: "credentials-elsewhere",
  title: "credentials can be had without the primary Region",
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { credentialRegions } }) => {
    const [setting] =
      Object.entries(credentialRegions).find(([, region]) => region === deployment.primaryRegion) ??
      [];
    return setting === undefined
      ? pass("no setting names it")
      : fail(finding("credentials-need-primary-region", deployment, { setting }));
  },
};

const installed: Check = {
  id: "engine-installed",
  title: "pulumi and the provider's plugin are on this machine",
  decisive: true,
  judge: ({ observation: { deployment }, surroundings: { installation } }) => {
    if (!installation.seen && installation.problem.kind === "failed")
      return fail(finding("engine-missing", deployment, { what: "pulumi" }));
    return whenSeen(installation, ({ version, providers }) => {
      const aws = providers.find(({ name }) => name === "aws");
      return aws
        ? pass(`pulumi ${version}, aws ${aws.version}`)
        : fail(finding("engine-missing", deployment, { what: "the plugin of the provider aws" }));
    });
  },
};

const stackIsFree = (role: Role): Check => ({
  id: `stack-free-${role}`,
  title: `no killed update of the ${role} stack is left`,
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { states } }) =>
    whenSeen(states[role], (state) => {
      const stack = role === "primary" ? deployment.primaryStack : deployment.recoveryStack;
      if ("lockedBy" in state)
        return fail(finding("stack-locked", deployment, { stack, owner: state.lockedBy }));
      const operations = state.pendingOperations.map(
        ({ operation, urn }) => `${operation} ${urn.split("::").at(-1)}`,
      );
      return operations.length === 0
        ? pass(stack)
        : fail(finding("pending-operations", deployment, { stack, operations }));
    }),
});

/** What the move itself changes is no surprise: the flag may be on already. */
const previewIsEmpty = (role: Role): Check => ({
  id: `preview-${role}`,
  title: `an update of the ${role} stack would change nothing else`,
  decisive: false,
  judge: ({ observation: { deployment }, surroundings: { previews } }) => {
    const stack = role === "primary" ? deployment.primaryStack : deployment.recoveryStack;
    const preview = previews[role];
    if (!preview.seen && preview.problem.kind === "failed")
      return fail(finding("preview-fails", deployment, { stack, why: preview.problem.message }));
    return whenSeen(preview, (planned) => {
      const operations = forbidden(planned, moveAllows);
      return operations.length === 0
        ? pass(planned.length === 0 ? "no change" : "only what a move changes")
        : fail(finding("preview-not-empty", deployment, { stack, operations }));
    });
  },
});

const nobodyElse: Check = {
  id: "no-operation",
  title: "nobody else is moving this pair",
  decisive: true,
  judge: ({ observation: { deployment, operation } }) =>
    whenSeen(operation, (found) =>
      found === undefined || found.expired
        ? pass(found ? `the ${found.kind} of ${found.owner} has ended` : "no lock")
        : fail(finding("operation-under-way", deployment, found)),
    ),
};

/** A lock shows itself only to an update, so that only the operations that a killed one left can be looked for. */
export const programChecks: readonly Check[] = [
  nobodyElse,
  committed,
  deployedProgram,
  stateElsewhere,
  account,
  lifetime,
  credentialsElsewhere,
  installed,
  stackIsFree("primary"),
  stackIsFree("recovery"),
  previewIsEmpty("primary"),
  previewIsEmpty("recovery"),
];
