import { describe, expect, it } from "vitest";
import { failure, type World } from "./stack-mocks.ts";
import {
  eastOutputs,
  failedOver,
  firstEast,
  firstWest,
  laterEast,
  laterWest,
  rebuiltEast,
  rebuiltOutputs,
  replica,
  returning,
  stray,
  westOutputs,
} from "./worlds.ts";

const failover = { "standby:failover": "true" };
const noDatabase = (world: World): World => ({ ...world, databases: [] });
const withEast = (changes: Readonly<Record<string, unknown>>): World => ({
  ...firstWest(),
  outputs: { "organization/standby/prod-east": { ...eastOutputs, ...changes } },
});

describe("a refusal", () => {
  it.each<[string, World, string, string]>([
    [
      "a problem of the configuration",
      laterWest({ "standby:failover": "yes" }),
      "standby:failover: must be",
      "pulumi preview -s prod-west",
    ],
    [
      "credentials of another account",
      { ...laterEast(), account: "210987654321" },
      "standby:accountId:",
      "aws sts get-caller-identity",
    ],
    [
      "a missing bundle",
      {
        ...laterWest(),
        bundleRefusals: [{ key: "apps/orders-api", reason: "missing", next: "npx nx bundle" }],
      },
      "apps/orders-api:",
      "npx nx bundle",
    ],
    [
      "failover before the first deployment",
      firstWest(failover),
      "standby:failover: there is no read replica",
      "pulumi config set failover false -s prod-west",
    ],
    [
      "failover without a record of the lag",
      { ...laterWest(failover), replicationRecord: null },
      "standby:failover: there is no record of the lag of orders-prod-1",
      "pulumi config set acceptDataLoss orders-prod-1 -s prod-west",
    ],
    [
      "failover without a replica",
      noDatabase(laterWest(failover)),
      "standby:failover: there is no read replica",
      "pulumi config set failover false -s prod-west",
    ],
    [
      "readOnlyFailover without a replica",
      noDatabase(laterWest({ "standby:readOnlyFailover": "true" })),
      "standby:readOnlyFailover: there is no read replica",
      "pulumi config set readOnlyFailover false -s prod-west",
    ],
    [
      "failover set back after the promotion",
      failedOver(),
      "standby:failover: this Region's database was promoted",
      "pulumi config set failover true -s prod-west",
    ],
    [
      "failover onto a database that somebody else promoted",
      laterWest(failover, stray),
      "standby:failover: orders-prod-1 was promoted by somebody else",
      "pulumi config set acceptDataLoss orders-prod-1 -s prod-west",
    ],
    [
      "readOnlyFailover onto a database that somebody else promoted",
      laterWest({ "standby:readOnlyFailover": "true" }, stray),
      "standby:readOnlyFailover: orders-prod-1 is no longer a replica",
      "pulumi config set readOnlyFailover false -s prod-west",
    ],
    [
      "a renamed database",
      { ...laterWest(), databases: [{ identifier: "orders-prod-1-old" }] },
      "standby:service: the database orders-prod-1-old",
      "aws rds modify-db-instance",
    ],
    [
      "a renamed source",
      { ...laterEast(), databases: [{ identifier: "orders-prod-1-old" }] },
      "standby:service: the database orders-prod-1-old",
      "aws rds modify-db-instance",
    ],
    [
      "a primary stack that forgot a database which the recovery stack knows",
      { ...firstEast(), outputs: { "organization/standby/prod-west": westOutputs } },
      "standby:service: the database orders-prod-1",
      "describe-db-snapshots",
    ],
    [
      "a Region that would lose its copy of the secret",
      laterEast({ "standby:secret": '{"replicaRegions":["eu-west-1"]}' }),
      "standby:secret.replicaRegions: leaves out us-west-2",
      "secret.allowReplicaRemoval",
    ],
    [
      "a fence that is taken off the source that was failed away from",
      {
        ...laterEast(),
        outputs: {
          "organization/standby/prod-east": { ...eastOutputs, databaseFenced: true },
          "organization/standby/prod-west": {
            ...westOutputs,
            recordRegion: "us-west-2",
            databaseMode: "standalone",
          },
        },
      },
      "standby:fenced: would let orders-prod-1 take writes",
      "pulumi config set fenced true -s prod-east",
    ],
    [
      "a next generation in the Region that takes writes",
      failedOver({
        ...failover,
        "standby:replicateFrom": `${eastOutputs.database.arn}0`,
      }),
      "standby:replicateFrom:",
      'pulumi config set replicateFrom "" -s prod-west',
    ],
    [
      "a return to the source that was failed away from",
      returning({ identifier: "orders-prod-1", tags: { "standby:origin": "created" } }),
      "standby:failover: the CNAME names orders-prod-1 of this Region, and orders-prod-1 of the primary Region was not made from it",
      `pulumi config set replicateFrom ${westOutputs.database.arn} -s prod-east`,
    ],
    [
      "a return to a database that the primary stack does not know",
      returning(rebuiltEast),
      "standby:failover: the primary stack's last update does not know orders-prod-2",
      "pulumi up -s prod-east",
    ],
    [
      "a return to a database that its own stack fences",
      returning(rebuiltEast, { ...rebuiltOutputs, databaseFenced: true }),
      "standby:failover: orders-prod-2 of the primary Region, which the CNAME would return to, is fenced",
      "pulumi config set fenced false -s prod-east",
    ],
    [
      "failover without any copy of the primary's outputs",
      { ...firstWest(failover), databases: [replica] },
      "standby:failover: this stack has no outputs",
      "pulumi up -s prod-west",
    ],
    [
      "a primary stack that was never deployed",
      { ...firstWest(), outputs: {} },
      "standby:primaryStack: the primary stack has no complete outputs",
      "pulumi up -s prod-east",
    ],
    [
      "two stacks of different services",
      withEast({ service: "payments" }),
      "standby:service: differs",
      "Pulumi.prod-west.yaml",
    ],
    [
      "two stacks with different host names",
      withEast({ databaseHostName: "db.payments.internal" }),
      "standby:databaseHostName: differs",
      "Pulumi.prod-west.yaml",
    ],
    [
      "both stacks in one Region",
      withEast({ region: "us-west-2" }),
      "aws:region: is the primary stack's Region",
      "Pulumi.prod-west.yaml",
    ],
    [
      "a Region without a copy of the secret",
      withEast({ encryptionKeyArns: {} }),
      "aws:region: is not in secret.replicaRegions",
      "pulumi up -s prod-east",
    ],
    [
      "a source database that is gone",
      noDatabase(laterEast()),
      "standby:service: the database orders-prod-1",
      "describe-db-snapshots",
    ],
    [
      "another user name than the database was born with",
      laterEast({ "standby:database": '{"username":"someone"}' }),
      "standby:database.username:",
      "Pulumi.prod-east.yaml",
    ],
    [
      "outputs of another form behind recoveryStack",
      {
        ...laterEast(),
        outputs: { "organization/standby/prod-west": { ...westOutputs, recordRegion: 7 } },
      },
      "standby:recoveryStack: the outputs",
      "pulumi stack output --json -s prod-west",
    ],
  ])(
    "for %s names the key and the next command, and registers nothing",
    async (_, world, key, next) => {
      const { message, resources } = await failure(world);
      expect(message).toContain(key);
      expect(message).toContain(next);
      expect(message).toContain(`Stack ${world.stack} is refused, nothing was changed`);
      expect(resources).toEqual([]);
    },
  );

  it("asks AWS nothing while the configuration has a problem", async () => {
    const { calls } = await failure(firstEast({ "standby:service": "NOT A NAME" }));
    expect(calls).toEqual([]);
  });
});
