import { describe, expect, it } from "vitest";
import { decideSecret, type SecretFacts, whatToLookAt } from "../src/decide-secret.ts";
import {
  foundSecret,
  madeLast,
  secretArn,
  secretConfigs,
  secretDecision,
  secretStates,
  westCopy,
  westKeyArn,
} from "../tools/secret-table.ts";

const never = { ...madeLast, arn: undefined, keyArns: {} };
const otherKey = "arn:aws:kms:us-west-2:123456789012:key/other";
const euKey = "arn:aws:kms:eu-west-1:123456789012:key/eu" as const;

type Changes = Partial<Omit<SecretFacts, "secret">> & {
  readonly secret?: Partial<SecretFacts["secret"]>;
};

const facts = ({ secret, ...changes }: Changes): SecretFacts => ({
  stack: "prod-east",
  service: "orders-prod",
  region: "us-east-1",
  secret: { replicaRegions: ["us-west-2"], keys: {}, allowReplicaRemoval: [], ...secret },
  last: madeLast,
  observed: { found: undefined, occupiedRegions: [] },
  databaseRegions: ["us-east-1", "us-west-2"],
  ...changes,
});

function refused(changes: Changes) {
  const decision = decideSecret(facts(changes));
  if ("refusals" in decision) return decision.refusals;
  throw new Error("not refused");
}

function planned(changes: Changes) {
  const decision = decideSecret(facts(changes));
  if ("plan" in decision) return decision.plan;
  throw new Error(`refused: ${decision.refusals.map(({ key }) => key).join()}`);
}

describe("what the primary stack does with its secret", () => {
  /** Without `existing`, with it, and with it and AWS's own key for the copy. */
  it.each<[keyof typeof secretStates, ...string[]]>([
    ["none, and there never was one", "make", "existing", "existing"],
    ["one that this program made", "make", "existing", "existing"],
    ["one of somebody else", "name", "import", "import"],
    ["one of somebody else, with a copy under AWS's own key", "name", "keys.us-west-2", "import"],
    ["a copy of another Region's", "name", "existing", "existing"],
    ["one that was imported", "existing", "replicate", "replicate"],
    ["one that was imported and replicated", "existing", "replicate", "keys.us-west-2"],
    [
      "one of somebody else, and another one of its name in the replica Region",
      "name",
      "replicaRegions",
      "replicaRegions",
    ],
  ])("with %s", (state, ...expected) => {
    const outcomes = Object.values(secretConfigs).map((config) => {
      const decision = secretDecision(secretStates[state], config);
      if ("refusals" in decision) return decision.refusals[0].key.replace("standby:secret.", "");
      const { adopted, replicate } = decision.plan;
      return adopted ? (replicate ? "replicate" : "import") : "make";
    });
    expect(outcomes).toEqual(expected);
  });

  it("says which update replicates what this one imports", () => {
    const { notices } = planned({
      secret: { existing: secretArn },
      last: never,
      observed: { found: foundSecret(), occupiedRegions: [] },
    });
    expect(notices[0]?.next).toContain("pulumi up -s prod-east");
  });

  it("is told the way back when the key of an adopted secret is left out", () => {
    const [refusal] = refused({ last: { ...madeLast, adoption: "replicated" } });
    expect(refusal).toMatchObject({
      key: "standby:secret.existing",
      next: `pulumi config set --path secret.existing ${secretArn} -s prod-east && pulumi preview -s prod-east`,
    });
  });

  it.each([
    ["was made again under its name", never, `${secretArn.slice(0, -6)}QwErTy`],
    ["is not the adopted one", { ...madeLast, arn: "x", adoption: "replicated" }, secretArn],
  ] as const)("refuses an existing secret that %s", (_, last, existing) => {
    const observed = { found: foundSecret(), occupiedRegions: [] };
    expect(refused({ secret: { existing }, last, observed })[0]?.key).toBe(
      "standby:secret.existing",
    );
  });

  it("tells everything that is wrong at once", () => {
    const keys = refused({
      secret: { replicaRegions: ["eu-west-1"], keys: { "us-east-1": "default" } },
      observed: { found: undefined, occupiedRegions: ["eu-west-1"] },
    }).map(({ key }) => key);
    expect(keys).toEqual([
      "standby:secret.replicaRegions",
      "standby:secret.replicaRegions",
      "standby:secret.keys.us-east-1",
    ]);
  });
});

describe("what is looked at", () => {
  const look = (changes: Changes) => whatToLookAt(facts(changes));

  it("is nothing for a secret that this program made long ago", () => {
    expect(look({})).toEqual({ lookAtSecret: false, newRegions: [] });
  });

  it("is the Region that gets its first copy, and no other one", () => {
    expect(look({ secret: { replicaRegions: ["us-west-2", "eu-west-1"] } })).toEqual({
      lookAtSecret: false,
      newRegions: ["eu-west-1"],
    });
  });

  it("is everything while a secret is taken over", () => {
    const secret = { existing: secretArn };
    const last = { ...madeLast, adoption: "imported" } as const;
    const everything = { lookAtSecret: true, newRegions: ["us-west-2"] };
    expect(look({ secret, last: never })).toEqual(everything);
    expect(look({ secret, last })).toEqual(everything);
  });
});

describe("the keys", () => {
  it("of a Region with databases cannot change: they would be replaced", () => {
    const [refusal, ...others] = refused({ secret: { keys: { "us-west-2": otherKey } } });
    expect(others).toEqual([]);
    expect(refusal?.reason).toContain("databases of this Region are encrypted with");
    expect(refusal?.next).toContain(`pulumi config rm --path 'secret.keys["us-west-2"]'`);
    expect(
      refused({
        secret: { keys: { "us-west-2": otherKey }, allowReplicaRemoval: ["us-west-2"] },
      }),
    ).toHaveLength(1);
  });

  it.each<[string, SecretFacts["secret"]["keys"], typeof madeLast]>([
    ["a made key to AWS's own", { "us-west-2": "default" }, madeLast],
    ["AWS's own key to a made one", {}, { ...madeLast, givenKeys: { "us-west-2": "default" } }],
  ])("of a copy change from %s only when the copy may be lost", (_, keys, last) => {
    const [refusal] = refused({ secret: { keys }, last });
    expect(refusal?.key).toBe("standby:secret.keys.us-west-2");
    expect(refusal?.next).toContain("'secret.allowReplicaRemoval[0]' us-west-2");
    const plan = planned({ secret: { keys, allowReplicaRemoval: ["us-west-2"] }, last });
    expect(plan.keys["us-west-2"]).toBe(keys["us-west-2"] ?? "made");
    expect(plan.keptKeyRegions).toEqual([]);
  });

  it("that were made and are not used any more are kept", () => {
    const last = {
      ...madeLast,
      keyArns: { ...madeLast.keyArns, "eu-west-1": "arn:aws:kms:eu-west-1:1:key/made" },
      keptKeyRegions: ["eu-central-1"],
    };
    const secret = {
      replicaRegions: ["us-west-2", "eu-west-1"],
      keys: { "eu-west-1": euKey },
      allowReplicaRemoval: ["eu-west-1"],
    };
    expect(planned({ secret, last }).keptKeyRegions).toEqual(["eu-central-1", "eu-west-1"]);
  });

  it("that existed are nobody's to keep when their Region leaves", () => {
    const keyArns = { ...madeLast.keyArns, "eu-west-1": euKey };
    const last = { ...madeLast, keyArns, givenKeys: { "eu-west-1": euKey } };
    const secret = { allowReplicaRemoval: ["eu-west-1"] };
    expect(planned({ secret, last }).keptKeyRegions).toEqual([]);
  });

  it("of an adopted secret's copies are told by AWS, a made one among them", () => {
    const adopted = (keyId: string) => ({
      secret: { existing: secretArn },
      last: { ...madeLast, adoption: "imported" } as const,
      observed: { found: foundSecret({ copies: [{ ...westCopy, keyId }] }), occupiedRegions: [] },
      databaseRegions: [],
    });
    expect(planned(adopted(westKeyArn)).keys["us-west-2"]).toBe("made");
    expect(refused(adopted(otherKey))[0]?.next).toContain(`'secret.keys["us-west-2"]' ${otherKey}`);
  });
});
