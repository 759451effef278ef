import { join } from "node:path";
import { operator } from "./account.ts";
import { repositoryFolder } from "./repository.ts";

/** What a process keeps of the person's own environment. Nothing of AWS_* or PULUMI_* is among it: a rehearsal can't reach a real account. */
const kept = [
  "CI",
  "COLORTERM",
  "FORCE_COLOR",
  "HOME",
  "LANG",
  "LC_ALL",
  "LOGNAME",
  "NO_COLOR",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
  "XDG_CACHE_HOME",
] as const;

/** Found in many shells; any of them would lead an AWS tool away from the local cloud. */
const unset = [
  "AWS_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_DEFAULT_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];

export interface CloudAddresses {
  readonly folder: string;
  readonly projectFolder: string;
  readonly endpoint: string;
  readonly dnsPort: number;
  readonly passphrase: string;
}

export function environmentOf(cloud: CloudAddresses): Readonly<Record<string, string>> {
  const own = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const path = [
    join(cloud.folder, "bin"),
    join(repositoryFolder, "node_modules", ".bin"),
    process.env["PATH"] ?? "",
  ];
  return {
    ...Object.fromEntries(own),
    PATH: path.join(":"),
    PULUMI_HOME: join(cloud.folder, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(cloud.folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: cloud.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_REGION: "us-west-2",
    AWS_DEFAULT_REGION: "us-west-2",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    STANDBY_LOCAL_CLOUD: cloud.folder,
    LOCAL_CLOUD_DNS_PORT: String(cloud.dnsPort),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The text of `<folder>/env`: `source` it to work in the cloud from another terminal. */
export function environmentScript(
  environment: Readonly<Record<string, string>>,
  projectFolder: string,
): string {
  const exported = Object.entries(environment).filter(
    ([name]) => !(kept as readonly string[]).includes(name),
  );
  return [
    `unset ${unset.join(" ")}`,
    ...exported.map(([name, value]) => `export ${name}=${quoted(value)}`),
    `cd ${quoted(projectFolder)}`,
    "",
  ].join("\n");
}
