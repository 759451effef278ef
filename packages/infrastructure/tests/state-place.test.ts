import { describe, expect, it } from "vitest";
import { statePlaceNotices } from "../src/state-place.ts";

const key = "key/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("where the state lives", () => {
  it.each<[string, string | undefined, string | undefined, readonly string[]]>([
    ["a bucket in the primary Region", "s3://states?region=us-east-1", undefined, ["backend"]],
    [
      "a bucket there, with more options",
      "s3://states/pair?endpoint=x&region=us-east-1",
      undefined,
      ["backend"],
    ],
    ["a bucket in another Region", "s3://states?region=us-west-2", undefined, []],
    ["a bucket that says nothing of its Region", "s3://states", undefined, []],
    ["a folder", "file:///var/us-east-1", undefined, []],
    ["an alias there", undefined, "awskms://alias/standby?region=us-east-1", ["KMS key"]],
    ["a key there", undefined, `awskms:///arn:aws:kms:us-east-1:123456789012:${key}`, ["KMS key"]],
    ["a key elsewhere", undefined, `awskms:///arn:aws:kms:us-west-2:123456789012:${key}`, []],
    [
      "both",
      "s3://states?region=us-east-1",
      "awskms://alias/standby?region=us-east-1",
      ["backend", "KMS key"],
    ],
    ["nothing that is known", undefined, undefined, []],
  ])("is warned of for %s", (_, backendUrl, secretsProvider, expected) => {
    const notices = statePlaceNotices({ backendUrl, secretsProvider }, "us-east-1", "prod-west");
    expect(notices.map(({ message }) => message.replace(/^the (\w+( key)?) .*$/, "$1"))).toEqual(
      expected,
    );
    for (const { next } of notices) expect(next).toMatch(/^pulumi stack .*-s prod-west/);
  });
});
