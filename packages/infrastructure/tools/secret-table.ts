import type { Decision } from "../src/decide.ts";
import {
  decideSecret,
  type LastSecret,
  type SecretFacts,
  type SecretPlan,
} from "../src/decide-secret.ts";
import type { FoundSecret } from "../src/observe-secret.ts";
import { refusalText, table } from "./table.ts";

/*
 * What the primary stack does with its secret, by what is live: the program's own decision, printed.
 */

export const secretArn =
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-prod/database-AbCdEf";
export const westKeyArn = "arn:aws:kms:us-west-2:123456789012:key/west";

export const foundSecret = (changes: Partial<FoundSecret> = {}): FoundSecret => ({
  arn: secretArn,
  name: "orders-prod/database",
  keyId: "",
  service: undefined,
  isReplica: false,
  copies: [],
  ...changes,
});

/** The last outputs of a stack that was deployed with made keys. */
export const madeLast: LastSecret = {
  arn: secretArn,
  adoption: undefined,
  keyArns: { "us-east-1": "arn:aws:kms:us-east-1:123456789012:key/east", "us-west-2": westKeyArn },
  givenKeys: {},
  keptKeyRegions: [],
};

export const westCopy = {
  region: "us-west-2",
  keyId: "alias/aws/secretsmanager",
  status: "InSync",
  message: "",
};

interface SecretState {
  readonly found?: FoundSecret;
  readonly last?: LastSecret;
  readonly occupiedRegions?: readonly string[];
}

/** What Secrets Manager shows under the secret's name, and what this stack's last outputs say of it. */
export const secretStates = {
  "none, and there never was one": {},
  "one that this program made": { found: foundSecret({ service: "orders-prod" }), last: madeLast },
  "one of somebody else": { found: foundSecret() },
  "one of somebody else, with a copy under AWS's own key": {
    found: foundSecret({ copies: [westCopy] }),
  },
  "a copy of another Region's": { found: foundSecret({ isReplica: true }) },
  "one that was imported": { found: foundSecret(), last: { ...madeLast, adoption: "imported" } },
  "one that was imported and replicated": {
    found: foundSecret({ copies: [{ ...westCopy, keyId: westKeyArn }] }),
    last: { ...madeLast, adoption: "replicated" },
  },
  "one of somebody else, and another one of its name in the replica Region": {
    found: foundSecret(),
    occupiedRegions: ["us-west-2"],
  },
} as const satisfies Readonly<Record<string, SecretState>>;

export const secretConfigs = {
  "no `existing`": {},
  "`existing`": { existing: secretArn },
  "`existing`, `keys` `default`": { existing: secretArn, keys: { "us-west-2": "default" } },
} as const satisfies Readonly<Record<string, Partial<SecretFacts["secret"]>>>;

export const secretDecision = (
  { found, last, occupiedRegions = [] }: SecretState,
  config: Partial<SecretFacts["secret"]>,
): Decision<SecretPlan> =>
  decideSecret({
    stack: "prod-east",
    service: "orders-prod",
    region: "us-east-1",
    secret: {
      replicaRegions: ["us-west-2"],
      keys: {},
      allowReplicaRemoval: [],
      ...config,
    },
    last: last ?? { ...madeLast, arn: undefined, keyArns: {} },
    observed: { found, occupiedRegions },
    databaseRegions: [],
  });

function secretCell(state: SecretState, config: Partial<SecretFacts["secret"]>): string {
  const decision = secretDecision(state, config);
  if ("refusals" in decision) return refusalText(decision) ?? "";
  const { adopted, replicate } = decision.plan;
  if (!adopted) return state.found ? "kept as it is" : "made, with a copy";
  if (replicate) return "left as it is, with a copy";
  return `imported as it is; ${adopted.copies.length > 0 ? "its copy too" : "no copy yet"}`;
}

export function secretTable(): string {
  const rows = Object.entries(secretStates).map(([name, state]) => [
    name,
    ...Object.values(secretConfigs).map((config) => secretCell(state, config)),
  ]);
  return table(["the secret", ...Object.keys(secretConfigs)], rows);
}
