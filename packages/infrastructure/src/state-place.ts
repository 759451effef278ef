import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Notice } from "./decide.ts";

/** Where Pulumi keeps a stack's state, and the key of its secrets. */
export interface StatePlace {
  /** Such as `s3://bucket?region=us-west-2`. */
  readonly backendUrl: string | undefined;
  /** Such as `awskms://alias/standby?region=us-west-2`; undefined for a passphrase or Pulumi's own service. */
  readonly secretsProvider: string | undefined;
}

/**
 * No update of either stack works without its state: what is lost with the primary Region cannot fail over. A place that says nothing
 * of its Region is not warned of.
 */
export function statePlaceNotices(
  { backendUrl, secretsProvider }: StatePlace,
  primaryRegion: string,
  stack: string,
): readonly Notice[] {
  const notices: Notice[] = [];
  const lost = `is in ${primaryRegion}, the primary Region: when that is lost, no update of this stack works, and no failover either`;
  if (regionOf(backendUrl) === primaryRegion)
    notices.push({
      message: `the backend of the state ${lost}`,
      next: `pulumi stack export -s ${stack} --file state.json, then pulumi login to a backend in another Region, pulumi stack init ${stack} and pulumi stack import -s ${stack} --file state.json`,
    });
  if (regionOf(secretsProvider) === primaryRegion)
    notices.push({
      message: `the KMS key of the stack's secrets ${lost}`,
      next: `pulumi stack change-secrets-provider -s ${stack} "awskms://<alias or ARN of a key in another Region>?region=<its Region>"`,
    });
  return notices;
}

const regionOf = (url: string | undefined): string | undefined =>
  url === undefined
    ? undefined
    : (/[?&]region=([a-z0-9-]+)/.exec(url)?.[1] ??
      /arn:aws[a-z-]*:kms:([a-z0-9-]+):/.exec(url)?.[1]);

/** What can be seen of it from the program. */
export const readStatePlace = (): StatePlace => ({
  backendUrl:
    process.env["PULUMI_BACKEND_URL"] ||
    (settingOf("Pulumi.yaml", /^backend:\s*\n\s+url:\s*["']?([^\s"']+)/m) ?? loggedInTo()),
  secretsProvider: settingOf(
    `Pulumi.${pulumi.getStack()}.yaml`,
    /^secretsprovider:\s*["']?([^\s"']+)/m,
  ),
});

const settingOf = (file: string, pattern: RegExp): string | undefined =>
  pattern.exec(readText(join(pulumi.getRootDirectory(), file)))?.[1];

/** The file that `pulumi login` writes: nothing is taken from it but the name of the backend. */
function loggedInTo(): string | undefined {
  const home = process.env["PULUMI_HOME"] || join(homedir(), ".pulumi");
  return /"current":\s*"([^"]+)"/.exec(readText(join(home, "credentials.json")))?.[1];
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Absent or out of reach: then nothing is known, and nothing is warned of.
    return "";
  }
}
