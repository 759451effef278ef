import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readAwsSettings } from "../src/preflight/aws-settings.ts";

const config = `
[default]
region = us-west-2
[profile ops]
sso_session = company
sso_account_id = 123456789012
[profile old]
sso_region = eu-west-1
[profile deputy]
role_arn = arn:aws:iam::123456789012:role/recovery
source_profile = ops
[profile console]
login_session = arn:aws:iam::123456789012:user/ann
region = us-east-1
[profile global]
sts_regional_endpoints = legacy
[profile circle]
source_profile = circle
[sso-session company]
sso_region = us-east-1
sso_start_url = https://example.com
`;

it.each([
  [{}, {}],
  [{ AWS_PROFILE: "ops" }, { "sso_region of the profile ops": "us-east-1" }],
  [{ AWS_PROFILE: "old" }, { "sso_region of the profile old": "eu-west-1" }],
  [{ AWS_PROFILE: "ops", AWS_ACCESS_KEY_ID: "AKIA" }, {}],
  [{ AWS_PROFILE: "deputy" }, { "sso_region of the profile ops": "us-east-1" }],
  [
    { AWS_PROFILE: "console" },
    { "region of the profile console, which is logged in to,": "us-east-1" },
  ],
  [{ AWS_PROFILE: "global" }, { "sts_regional_endpoints of the profile global": "us-east-1" }],
  [{ AWS_PROFILE: "circle" }, {}],
  [{ AWS_STS_REGIONAL_ENDPOINTS: "legacy" }, { AWS_STS_REGIONAL_ENDPOINTS: "us-east-1" }],
  [{ AWS_STS_REGIONAL_ENDPOINTS: "regional", AWS_PROFILE: "global" }, {}],
  [{ AWS_ENDPOINT_URL_STS: "https://sts.amazonaws.com" }, { AWS_ENDPOINT_URL_STS: "us-east-1" }],
  [
    { AWS_ENDPOINT_URL_STS: "https://sts.us-west-2.amazonaws.com/" },
    { AWS_ENDPOINT_URL_STS: "us-west-2" },
  ],
])("finds for %j where credentials come from: %j", async (environment, found) => {
  const folder = await mkdtemp(join(tmpdir(), "standby-test-"));
  try {
    const file = join(folder, "config");
    await writeFile(file, config);
    expect(await readAwsSettings({ ...environment, AWS_CONFIG_FILE: file })).toEqual(found);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("finds nothing without a file", async () => {
  expect(await readAwsSettings({ AWS_CONFIG_FILE: "/does/not/exist" })).toEqual({});
});
