import { StopReplicationToReplicaCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secretsByHand } from "./support/aws-by-hand.ts";
import { deploy, openPair, type Pair } from "./support/pair.ts";
import {
  adminSecret,
  applicationSecret,
  callRotation,
  describeSecret,
  requestRotation,
  rotatedAt,
  valueFor,
  writeWithoutPause,
} from "./support/rotation-by-hand.ts";
import { editStackFile } from "./support/stack-file.ts";

const [east, west] = ["us-east-1", "us-west-2"];
const secrets = [applicationSecret, adminSecret];
const patience = { timeout: 120_000, interval: 200 };

describe("rotation on the real engine", { timeout: 600_000 }, () => {
  let pair: Pair;
  const secretWith = (automaticallyAfterDays: number) =>
    editStackFile(pair.cloud, "prod-east", {
      secret: { replicaRegions: [west], admin: {}, rotation: { automaticallyAfterDays } },
    });
  const rotated = (region: string) =>
    Promise.all(secrets.map((name) => rotatedAt(pair.cloud, region, name)));

  beforeAll(async () => {
    pair = await openPair();
    await secretWith(30);
    await deploy(pair, "prod-east", "prod-west");
  }, 900_000);
  afterAll(() => pair?.[Symbol.asyncDispose]());

  it("hands the master user over and rotates at once by the first update that knows the CNAME, and no request fails", async () => {
    expect(await rotated(east)).toEqual([0, 0]);
    const master = await valueFor(pair.cloud, east, applicationSecret);
    const load = writeWithoutPause(pair.cloud, east);
    expect(await callRotation(pair.cloud, east, { Bootstrap: true })).toContain("handed-over");
    await deploy(pair, "prod-east");
    await expect.poll(async () => (await rotated(east)).includes(0), patience).toBe(false);
    const { acknowledged, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(acknowledged).toBeGreaterThan(20);
    expect(await valueFor(pair.cloud, east, applicationSecret)).toMatchObject({
      username: "orders_app",
    });
    const admin = await valueFor(pair.cloud, east, adminSecret);
    expect(admin?.username).toBe(master?.username);
    expect(admin?.password).not.toBe(master?.password);
    expect(pair.transcript.join("\n")).not.toContain(admin?.password);
  });

  it("has nothing left to do afterwards in either Region", async () => {
    for (const stack of ["prod-west", "prod-east"]) expect(await pair.preview(stack)).toEqual([]);
  });

  it("changes the schedule and rotates nothing by it", async () => {
    const before = await rotated(east);
    await secretWith(7);
    expect(await pair.preview("prod-east")).toMatchObject(
      secrets.map(() => ({
        operation: "update",
        type: "aws:secretsmanager/secretRotation:SecretRotation",
      })),
    );
    await deploy(pair, "prod-east");
    const described = await describeSecret(pair.cloud, east, applicationSecret);
    expect(described.RotationRules).toMatchObject({ AutomaticallyAfterDays: 7 });
    expect(await rotated(east)).toEqual(before);
    expect(await pair.preview("prod-east")).toEqual([]);
  });

  it("goes on in the recovery Region after a failover, when its copies were promoted, and no request fails", async () => {
    await expect
      .poll(async () => {
        const { ReplicationStatus } = await describeSecret(pair.cloud, east, applicationSecret);
        return ReplicationStatus?.map(({ Status }) => Status);
      }, patience)
      .toEqual(["InSync"]);
    await pair.cloud.lose(east, "hang");
    await pair.setFlag("failover", true);
    await deploy(pair, "prod-west");
    const load = writeWithoutPause(pair.cloud, west);
    await expect(requestRotation(pair.cloud, west, applicationSecret)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    for (const name of secrets)
      await secretsByHand(pair.cloud, west).send(
        new StopReplicationToReplicaCommand({ SecretId: name }),
      );
    expect(await callRotation(pair.cloud, west, { Settle: true })).toContain("settled");
    await pair.configure("prod-west", { secretPromoted: "true" });
    await deploy(pair, "prod-west");
    await expect.poll(async () => (await rotated(west)).includes(0), patience).toBe(false);
    const { acknowledged, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(acknowledged).toBeGreaterThan(5);
    expect(await pair.preview("prod-west")).toEqual([]);
  });

  it("does nothing in the Region that returns: its rotation is overdue, and the writes are elsewhere", async () => {
    const load = writeWithoutPause(pair.cloud, west);
    const promoted = await valueFor(pair.cloud, west, applicationSecret);
    await pair.cloud.restore(east);
    const old = await valueFor(pair.cloud, east, applicationSecret);
    const { VersionId = "" } = await requestRotation(pair.cloud, east, applicationSecret);
    const step = { Step: "createSecret", ClientRequestToken: VersionId };
    const { ARN } = await describeSecret(pair.cloud, east, applicationSecret);
    expect(await callRotation(pair.cloud, east, { ...step, SecretId: ARN })).toMatch(
      /RotationRefusedError.*leads to orders-prod-1\.[^.]+\.us-west-2/,
    );
    expect(await valueFor(pair.cloud, east, applicationSecret, "AWSPENDING")).toBeUndefined();
    expect(await valueFor(pair.cloud, east, applicationSecret)).toEqual(old);
    expect(await valueFor(pair.cloud, west, applicationSecret)).toEqual(promoted);
    expect((await load.stop()).failures).toEqual([]);
  });
});
