import { describe, expect, it } from "vitest";
import { deployPair, mutating, type Pair } from "./support/pair.ts";

const set = async (pair: Pair, path: string, region: string): Promise<void> => {
  const words = ["config", "set", "--path", `secret.${path}`, region, "-s", "prod-east"];
  const { exitCode, text } = await pair.pulumi(...words);
  if (exitCode !== 0) throw new Error(text);
};

describe("the secret's replica Regions", () => {
  it("grow in place, shrink only when that is allowed, and never take a key with them", async () => {
    await using pair = await deployPair();
    await set(pair, "replicaRegions[1]", "eu-west-1");
    expect(await pair.up("prod-east")).toMatchObject({ exitCode: 0 });
    expect(await pair.preview("prod-east")).toEqual([]);

    await set(pair, "replicaRegions[1]", "eu-central-1");
    const before = await pair.state("prod-east");
    const start = pair.cloud.calls().length;
    const refused = await pair.up("prod-east");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toContain("standby:secret.replicaRegions: leaves out eu-west-1");
    expect(mutating(pair.operations({ after: start }))).toEqual([]);
    expect(await pair.state("prod-east")).toEqual(before);

    await set(pair, "allowReplicaRemoval[0]", "eu-west-1");
    const after = pair.cloud.calls().length;
    expect(await pair.up("prod-east")).toMatchObject({ exitCode: 0 });
    const operations = pair.operations({ after });
    expect(operations).toContain("secretsmanager:RemoveRegionsFromReplication");
    expect(operations).toContain("secretsmanager:ReplicateSecretToRegions");
    expect(operations.filter((each) => /Delete|ScheduleKeyDeletion/.test(each))).toEqual([]);
    expect(await pair.preview("prod-east")).toEqual([]);

    await set(pair, 'keys["eu-central-1"]', "default");
    const beforeKeys = pair.cloud.calls().length;
    const rekeyed = await pair.up("prod-east");
    expect(rekeyed.text).toContain("standby:secret.keys.eu-central-1: asks for another key");
    expect(mutating(pair.operations({ after: beforeKeys }))).toEqual([]);
    await set(pair, "allowReplicaRemoval[1]", "eu-central-1");
    expect(await pair.up("prod-east")).toMatchObject({ exitCode: 0 });
    expect(
      pair.operations({ after: beforeKeys }).filter((each) => /Delete|ScheduleKey/.test(each)),
    ).toEqual([]);
    expect(await pair.preview("prod-east")).toEqual([]);
  });
});
