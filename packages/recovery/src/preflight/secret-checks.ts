import { isMissing, outOfSync, tellOutOfSync } from "../assess-secrets.ts";
import { finding } from "../findings.ts";
import { type Check, fail, pass, skip, whenSeen } from "./check.ts";

const inSync: Check = {
  id: "secret-in-sync",
  title: "both Regions hold the same version of the secret",
  decisive: false,
  judge: ({ observation: { deployment, regions } }) =>
    whenSeen(regions.recovery.secret, (recovery) =>
      whenSeen(regions.primary.secret, (primary) => {
        if (recovery.primaryRegion === undefined)
          return fail(
            finding("secret-standalone", deployment, {
              ...recovery,
              region: regions.recovery.region,
            }),
          );
        const copy = { ...recovery, region: regions.recovery.region };
        const difference = outOfSync(primary, copy);
        return difference === undefined
          ? pass(`version ${recovery.versionId?.slice(0, 8)}`)
          : fail(tellOutOfSync(deployment, copy, difference));
      }),
    ),
};

const readable: Check = {
  id: "secret-readable",
  title: "the application can read the secret in the recovery Region",
  decisive: true,
  judge: ({ observation: { deployment, regions } }) => {
    const { region } = regions.recovery;
    // An answer, and not a silence: nothing to read is worse than nobody who says so.
    if (isMissing(regions.recovery))
      return fail(
        finding("secret-missing", deployment, { arn: deployment.recovery.secretArn, region }),
      );
    return whenSeen(regions.recovery.secret, (secret) => {
      if (secret.deleted) return fail(finding("secret-deleted", deployment, { ...secret, region }));
      const { readable: answer } = secret;
      if (answer.seen) return pass(`version ${answer.value.versionId.slice(0, 8)}`);
      const { failure, message } = answer.problem;
      return failure
        ? fail(
            finding("secret-unreadable", deployment, { ...secret, region, why: failure.message }),
          )
        : skip(message);
    });
  },
};

const host: Check = {
  id: "secret-host",
  title: "the secret names the CNAME as its host",
  decisive: true,
  judge: ({ observation: { deployment, regions } }) =>
    whenSeen(regions.recovery.secret, ({ readable: read }) =>
      whenSeen(read, (answer) =>
        answer.host.toLowerCase() === deployment.databaseHostName
          ? pass(answer.host)
          : fail(
              finding("secret-host", deployment, {
                region: regions.recovery.region,
                host: answer.host,
              }),
            ),
      ),
    ),
};

/** The Region's own copy against its own database. */
const accepted = (role: "primary" | "recovery"): Check => ({
  id: `password-${role}`,
  title: `the ${role} Region's database accepts the secret's password`,
  decisive: role === "recovery",
  judge({ observation: { deployment, regions }, picture }) {
    const { region, databases } = regions[role];
    return whenSeen(databases, () => {
      const database = picture.current.find((each) => each.region === region);
      if (!database) return skip(`${region} has no database`);
      const { inside } = database;
      if (inside.seen) return pass(`version ${inside.value.acceptedVersionId.slice(0, 8)}`);
      return inside.problem.failure?.code === "access-denied"
        ? fail(finding("password-refused", deployment, database))
        : skip(inside.problem.message);
    });
  },
});

export const secretChecks: readonly Check[] = [
  inSync,
  readable,
  host,
  accepted("primary"),
  accepted("recovery"),
];
