import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LiveDrillReport, PreflightReport, Status } from "../src/index.ts";
import { changeSecretByHand, rdsByHand, secretByHand, setKeyByHand } from "./support/by-hand.ts";
import { type DeployedPair, deployedPair } from "./support/deployed-pair.ts";

const allowedInLiveDrill: readonly string[] = [
  "kms:DescribeKey",
  "lambda:GetFunctionConfiguration",
  "lambda:Invoke",
  "rds:DescribeDBInstances",
  "rds:DescribeDBParameters",
  "route53:GetHostedZone",
  "route53:ListResourceRecordSets",
  "s3:GetObject",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "sts:GetCallerIdentity",
];

/** A busy machine starts the Region's functions slowly, and each look takes its seconds. */
const settlingMilliseconds = 90_000;

/*
 * One pair through the states that a person meets, seen by the command's own process. The states follow each other, so the order counts.
 */
describe("status and preflight of a deployed pair", () => {
  let pair: DeployedPair;
  beforeAll(async () => {
    pair = await deployedPair();
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  const status = async (): Promise<Status> => {
    const { exitCode, stdout } = await pair.standby("status", "--json");
    expect(exitCode).toBe(0);
    return JSON.parse(stdout) as Status;
  };
  const codes = ({ findings }: Pick<Status, "findings">) =>
    findings.map(({ code }) => code).filter((code) => !expected.includes(code));
  /** Of every local cloud. */
  const expected = ["binary-log-retention", "backup-window", "lag-record-stale"];
  const preflight = async (...words: readonly string[]) => {
    const { exitCode, stdout } = await pair.standby("preflight", "--json", ...words);
    return { exitCode, report: JSON.parse(stdout) as PreflightReport };
  };
  const resultOf = ({ checks }: PreflightReport, id: string) =>
    checks.find((check) => check.id === id)?.result;

  it("is ready after its deployment, and a failover would work", async () => {
    const seen = await status();
    expect({ verdict: seen.verdict, codes: codes(seen) }).toEqual({ verdict: "ready", codes: [] });
    expect(seen).toMatchObject({
      activeRegion: "us-east-1",
      regions: {
        "us-east-1": { databases: [{ mode: "source", writable: true }], secret: { inSync: true } },
        "us-west-2": {
          databases: [
            { mode: "replica", writable: false, replicationLagSeconds: expect.any(Number) },
          ],
        },
      },
      record: { consistent: true },
    });

    const { exitCode, report } = await preflight();
    expect(codes(report)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(report.checks.filter(({ result }) => result === "skipped").map(({ id }) => id)).toEqual([
      "stack-files-committed",
    ]);
    expect(report.expectedLoss.transactions).toEqual(expect.any(Number));
    expect(report.breakGlass.object).toMatch(/^s3:\/\/orders-prod-recovery-/);
  });

  it("is rehearsed by reading alone", async () => {
    const before = pair.operatorCalls().length;
    const { exitCode, stdout, stderr } = await pair.standby("drill", "--live", "--yes", "--json");
    const report = JSON.parse(stdout) as LiveDrillReport;
    expect({ exitCode, codes: codes(report), stderr: exitCode === 0 ? "" : stderr }).toEqual({
      exitCode: 0,
      codes: [],
      stderr: "",
    });
    expect(report).toMatchObject({
      schema: "standby.live-drill/1",
      ok: true,
      verdict: "ready",
      expectedLoss: { transactions: expect.any(Number) },
      estimate: {
        oursSeconds: expect.any(Number),
        totalSeconds: [expect.any(Number), expect.any(Number)],
      },
    });
    expect(report.checks.slice(-2)).toMatchObject([
      { id: "application-reads-primary", ok: true },
      { id: "application-reads-recovery", ok: true },
    ]);
    const calls = new Set(pair.operatorCalls().slice(before));
    // The functions are invoked with questions alone: see the unit test.
    expect([...calls].filter((call) => !allowedInLiveDrill.includes(call))).toEqual([]);
  });

  it("shows a password nowhere", async () => {
    const { password } = JSON.parse(await secretByHand(pair.cloud)) as { password: string };
    for (const words of [["status"], ["preflight", "--no-previews"], ["history"]]) {
      const { stdout, stderr } = await pair.standby(...words);
      expect(stdout + stderr).not.toContain(password);
    }
  });

  describe("with bad input", () => {
    const nobody = { AWS_ACCESS_KEY_ID: "AKIAOFNOBODY00000000" };
    const move = ["failover", "--yes"];

    it.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
      ["an unknown stack", ["status", "-s", "prod-north"], {}, 2, /no stack file.*prod-north/],
      ["the other stack", ["status", "-s", "prod-east"], {}, 2, /role of prod-east is primary/],
      ["an unknown loss", ["failover", "--accept-data-loss", "some"], {}, 2, /number of seconds/],
      [
        "two contradictory options",
        [...move, "--read-only", "--accept-data-loss", "5"],
        {},
        2,
        /cannot be used with/,
      ],
      ["credentials that are not taken", move, nobody, 3, /AWS does not take these credentials/],
      ["the same for a plan", [...move, "--dry-run"], nobody, 3, /does not take these credentials/],
    ])(
      "is answered with one clear message: %s",
      async (_what, words, environment, code, message) => {
        const after = pair.cloud.calls().length;
        const { exitCode, stdout, stderr } = await pair.standbyWith(environment, ...words);
        expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
        expect(stderr).toMatch(message);
        expect(stderr).not.toMatch(/^\s+at /m);
        const changing = pair.cloud
          .calls({ after })
          .filter(
            ({ status, operation }) =>
              status === 200 && /^(Modify|Promote|Add|Change)/.test(operation),
          );
        expect(changing).toEqual([]);
      },
    );

    it.each([
      ["a missing key", /^ {2}(standby:)?accountId:.*\n/m, "", /accountId is missing/],
      [
        "another Region",
        /^( {2}aws:region: ).*$/m,
        "$1eu-west-1",
        /aws:region in .* is not us-west-2/,
      ],
      [
        "a flag that is none",
        /^( {2}(?:standby:)?failover: ).*$/m,
        '$1"on"',
        /failover in .* must be/,
      ],
    ])("is answered with exit 2 and the key's name: %s", async (_what, line, wrong, message) => {
      const path = join(pair.cloud.projectFolder, "Pulumi.prod-west.yaml");
      const right = await readFile(path, "utf8");
      expect(right).toMatch(line);
      await writeFile(path, right.replace(line, wrong));
      const { exitCode, stdout, stderr } = await pair.standby(...move);
      await writeFile(path, right);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(message);
    });
  });

  it("whose copy of the secret cannot follow is exposed, and ready when it can again", async () => {
    await setKeyByHand(pair.cloud, "us-west-2", "DisableKey");
    await changeSecretByHand(pair.cloud);
    await expect
      .poll(async () => codes(await status()), { timeout: settlingMilliseconds })
      .toContain("secret-not-in-sync");
    const { verdict, regions } = await status();
    expect(verdict).toBe("exposed");
    expect(regions["us-west-2"]?.secret).toMatchObject({ inSync: false });
    const { exitCode, report } = await preflight("--no-previews");
    expect({ exitCode, readable: resultOf(report, "secret-readable") }).toEqual({
      exitCode: 3,
      readable: "fail",
    });

    await setKeyByHand(pair.cloud, "us-west-2", "EnableKey");
    await changeSecretByHand(pair.cloud);
    await expect
      .poll(async () => (await status()).verdict, { timeout: settlingMilliseconds })
      .toBe("ready");
  });

  it("whose secret names another host is repaired by set-host, without a word of the value", async () => {
    await changeSecretByHand(pair.cloud, { host: "elsewhere.example.com", note: "kept" });
    await expect
      .poll(async () => codes(await status()), { timeout: settlingMilliseconds })
      .toContain("secret-host");
    const { exitCode, stdout, stderr } = await pair.standby("set-host", "db.orders.internal");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const value = JSON.parse(await secretByHand(pair.cloud)) as Readonly<Record<string, string>>;
    expect(value).toMatchObject({ host: "db.orders.internal", note: "kept" });
    expect(stdout).not.toContain(value["password"]);
    await expect
      .poll(async () => (await status()).verdict, { timeout: settlingMilliseconds })
      .toBe("ready");
    expect(await pair.pending("prod-east")).toEqual([]);
    expect(await pair.pending("prod-west")).toEqual([]);
  });

  it("with the primary Region dark, is unknown and could be failed over by who takes an unknown loss", async () => {
    await pair.cloud.lose("us-east-1", "hang");
    const seen = await status();
    expect(seen).toMatchObject({
      verdict: "unknown",
      activeRegion: "us-east-1",
      regions: { "us-east-1": { reachable: false, databases: null, secret: null } },
    });
    expect(codes(seen)).toEqual(["region-unreachable"]);
    // Without its source the replica has no lag to tell, and an unknown loss is taken only from a person.
    // It takes a while to notice that nothing comes any more.
    await expect
      .poll(async () => (await preflight("--no-previews")).exitCode, {
        timeout: settlingMilliseconds,
      })
      .toBe(3);
    const { report } = await preflight("--no-previews");
    expect(report.checks.filter(({ result }) => result === "fail").map(({ id }) => id)).toEqual([
      "loss-known",
    ]);
    expect(report.expectedLoss.heartbeatAgeSeconds).toEqual(expect.any(Number));
    const touched = new Set(pair.callsSinceLoss().filter((call) => call.startsWith("us-east-1")));
    for (const call of touched) expect(call).toMatch(/:(Describe|Get|List|Invoke)/);
    await pair.cloud.restore("us-east-1");
    await expect
      .poll(async () => (await status()).verdict, { timeout: settlingMilliseconds })
      .toBe("ready");
  });

  it("with a replica that somebody promoted, is a split brain that a failover is refused to", async () => {
    await rdsByHand(pair.cloud, "us-west-2", "PromoteReadReplica", {
      DBInstanceIdentifier: "orders-prod-1",
      BackupRetentionPeriod: "7",
    });
    await expect
      .poll(async () => (await status()).verdict, { timeout: settlingMilliseconds })
      .toBe("split-brain");
    const { exitCode, report } = await preflight("--no-previews");
    expect(exitCode).toBe(3);
    expect(resultOf(report, "one-writer")).toBe("fail");
    expect(resultOf(report, "replica-exists")).toBe("fail");
  });

  it("without a database in the recovery Region, is exposed", async () => {
    await rdsByHand(pair.cloud, "us-west-2", "ModifyDBInstance", {
      DBInstanceIdentifier: "orders-prod-1",
      DeletionProtection: "false",
      ApplyImmediately: "true",
    });
    await expect
      .poll(
        () =>
          rdsByHand(pair.cloud, "us-west-2", "DeleteDBInstance", {
            DBInstanceIdentifier: "orders-prod-1",
            SkipFinalSnapshot: "true",
          }).then(
            () => "deleting",
            () => "not yet",
          ),
        { timeout: settlingMilliseconds },
      )
      .toBe("deleting");
    await expect
      .poll(async () => (await status()).regions["us-west-2"]?.databases, {
        timeout: settlingMilliseconds,
      })
      .toEqual([]);
    const seen = await status();
    expect(seen.verdict).toBe("exposed");
    expect(codes(seen)).toEqual(["no-standby"]);
    const { exitCode, report } = await preflight("--no-previews");
    expect({ exitCode, exists: resultOf(report, "replica-exists") }).toEqual({
      exitCode: 3,
      exists: "fail",
    });
  });
});

describe("status of a pair that is failed over", () => {
  let pair: DeployedPair;
  beforeAll(async () => {
    pair = await deployedPair();
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });
  const status = async (): Promise<Status> =>
    JSON.parse((await pair.standby("status", "--json")).stdout) as Status;

  it("is exposed in the recovery Region while the primary one is dark", async () => {
    await pair.cloud.lose("us-east-1", "hang");
    const words = ["failover", "--yes", "--accept-data-loss", "unknown"] as const;
    const { exitCode, stderr } = await pair.standby(...words);
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    await expect
      .poll(async () => (await status()).record.consistent, { timeout: settlingMilliseconds })
      .toBe(true);
    const seen = await status();
    expect(seen).toMatchObject({
      verdict: "exposed",
      activeRegion: "us-west-2",
      failoverFlag: true,
      regions: { "us-west-2": { databases: [{ mode: "standalone", writable: true }] } },
    });
    expect(seen.findings.map(({ code }) => code)).toContain("no-standby");
  });

  it("is a split brain when the old source comes back before its stack has fenced it", async () => {
    await pair.cloud.restore("us-east-1");
    await expect
      .poll(async () => (await status()).verdict, { timeout: settlingMilliseconds })
      .toBe("split-brain");
    const { findings } = await status();
    expect(findings.find(({ code }) => code === "split-brain")?.remedy[0]).toBe(
      "pulumi config set fenced true -s prod-east && pulumi up -s prod-east",
    );
  });
});
