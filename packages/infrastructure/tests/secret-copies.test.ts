import { describe, expect, it } from "vitest";
import { untilFinished } from "../src/components/replicated-copies.ts";
import { copyProblems, promotedCopies, type SecretCopy } from "../src/secret-copies.ts";
import { failure, run } from "./stack-mocks.ts";
import { laterEast } from "./worlds.ts";

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-prod/database-AbCdEf";
const westKey = "arn:aws:kms:us-west-2:123456789012:key/west";
const secret = {
  stack: "prod-east",
  region: "us-east-1",
  arn,
  name: "orders-prod/database",
  replicaRegions: ["us-west-2"],
};
const copy = (status: string, message = ""): SecretCopy => ({
  region: "us-west-2",
  keyId: westKey,
  status,
  message,
});

describe("a copy of the secret", () => {
  it("that is in sync is no problem", () => {
    expect(copyProblems(secret, [copy("InSync", "Replication succeeded")])).toEqual([]);
  });

  it("that failed is told with AWS's reason and the commands that replicate again", () => {
    const [problem, ...others] = copyProblems(secret, [copy("Failed", "AccessDenied by KMS")]);
    expect(others).toEqual([]);
    expect(problem?.message).toContain("us-west-2 is Failed (AccessDenied by KMS)");
    expect(problem?.next).toContain(
      `aws secretsmanager replicate-secret-to-regions --secret-id ${arn} --add-replica-regions Region=us-west-2,KmsKeyId=${westKey} --region us-east-1 && pulumi up -s prod-east`,
    );
  });

  it("with a status that nobody knows yet is a problem", () => {
    expect(copyProblems(secret, [copy("Detached")])).toHaveLength(1);
  });

  it("that belongs to a Region which nobody asks for is somebody else's", () => {
    expect(copyProblems({ ...secret, replicaRegions: [] }, [copy("Failed")])).toEqual([]);
  });

  it("that AWS no longer names was promoted", () => {
    expect(promotedCopies(secret, [])[0]?.message).toContain("no longer replicated to us-west-2");
    expect(promotedCopies(secret, [copy("Failed")])).toEqual([]);
  });
});

describe("the wait for the copies", () => {
  const waiting = async (...statuses: readonly string[]) => {
    const slept: number[] = [];
    const look = async (attempt: number) => [copy(statuses[attempt - 1] ?? statuses.at(-1) ?? "")];
    const copies = await untilFinished(secret, look, async (seconds) => void slept.push(seconds));
    return { status: copies[0]?.status, slept };
  };

  it("is none when nothing is under way", async () => {
    expect(await waiting("InSync")).toEqual({ status: "InSync", slept: [] });
  });

  it("ends with the copy, whichever way that ends", async () => {
    expect(await waiting("InProgress", "InProgress", "Failed")).toEqual({
      status: "Failed",
      slept: [1, 2],
    });
  });

  it("gives up after two minutes", async () => {
    const { status, slept } = await waiting("InProgress");
    expect(status).toBe("InProgress");
    expect(slept.reduce((sum, seconds) => sum + seconds)).toBe(120);
  });
});

describe("the primary stack's update", () => {
  const failed = {
    region: "us-west-2",
    kmsKeyId: westKey,
    status: "Failed",
    statusMessage: "KMS said no",
  };

  it("is red when a copy failed, after everything else was updated", async () => {
    const { message, resources } = await failure({
      ...laterEast(),
      copies: { "secret-copies-1": [failed] },
    });
    expect(message).toContain("the copy of the secret in us-west-2 is Failed (KMS said no)");
    expect(resources.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["secret", "database-1", "orders-api"]),
    );
  });

  it("looks again while a copy is under way", async () => {
    const { warnings } = await run({
      ...laterEast(),
      copies: { "secret-copies-1": [{ ...failed, status: "InProgress" }] },
    });
    expect(warnings).toEqual([]);
  });

  it("is not judged in a preview", async () => {
    await run({ ...laterEast(), dryRun: true, copies: { "secret-copies-1": [failed] } });
  });

  it("warns of a copy that was promoted and goes on", async () => {
    const { warnings } = await run({ ...laterEast(), copies: { "secret-copies-1": [] } });
    expect(warnings.join()).toContain("no longer replicated to us-west-2");
  });
});
