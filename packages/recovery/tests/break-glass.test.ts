import { expect, it } from "vitest";
import { breakGlassPage } from "../src/preflight/break-glass.ts";
import { deployment } from "./support/observation.ts";

const page = breakGlassPage({
  deployment,
  backupRetentionDays: 7,
  writtenAt: new Date("2026-11-24T12:00:00Z"),
});
const commands = page.split("\n").filter((line) => /^(aws|GROUP=|pulumi|git|standby) ?/.test(line));

it("promotes before it moves the name, and proves it after both", () => {
  const order = ["promote-read-replica", "change-resource-record-sets", '"ask":"canary"'].map(
    (part) => commands.findIndex((line) => line.includes(part)),
  );
  expect(order).toEqual([...order].sort((one, other) => one - other));
  expect(order).not.toContain(-1);
});

it("names the real identifiers and leaves no blank to fill in", () => {
  expect(page).toContain("--db-instance-identifier orders-prod-1 --region us-west-2");
  expect(page).toContain(deployment.recovery.database.address);
  expect(page).toContain(`--hosted-zone-id ${deployment.zoneId}`);
  expect(commands.join("\n")).not.toMatch(/<[a-z -]+>/);
});

it("asks the lost Region only for the fence, and says to skip that", () => {
  const there = commands.filter((line) => line.includes("--region us-east-1"));
  expect(there.every((line) => /read_only|describe-db-instances/.test(line))).toBe(true);
  expect(page).toContain("Skip this when it does not answer");
});

it("keeps the backups that the replica had", () => {
  expect(page).toContain("--backup-retention-period 7");
});

it("has a change batch that is JSON", () => {
  const [, batch = ""] = /--change-batch '(.+)'/.exec(page) ?? [];
  expect(JSON.parse(batch)).toMatchObject({
    Changes: [{ Action: "UPSERT", ResourceRecordSet: { Type: "CNAME", TTL: 30 } }],
  });
});

it("moves a name that a health check moves by calls of the recovery Region alone", () => {
  const switched = breakGlassPage({
    deployment: {
      ...deployment,
      recovery: { ...deployment.recovery, dnsSwitch: "health-check" },
    },
    backupRetentionDays: 7,
    writtenAt: new Date("2026-11-24T12:00:00Z"),
  });
  expect(switched).not.toContain("route53");
  expect(switched).toContain(
    "aws lambda update-function-configuration --function-name orders-prod-dns-switch --region us-west-2 --environment 'Variables={NAMED_REGION=us-west-2,PRIMARY_REGION=us-east-1,SERVICE=orders-prod}'",
  );
  expect(switched.indexOf("promote-read-replica")).toBeLessThan(
    switched.indexOf("update-function-configuration"),
  );
});
